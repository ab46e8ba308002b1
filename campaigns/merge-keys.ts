/**
 * What decides a merge: states with equal keys are taken for one, and the outcome of the first holds for the others.
 *
 * A key is made of a state as plain data. With `verify` the state is kept with its key, and each time two keys are equal the states are
 * compared by the checker's own equality. Not covered: what is missing in the state itself (tests compare merged and unmerged campaigns).
 */
import { relevantMemory } from '../actors/scheduler/index.ts';
import { deepEqual, differencePath } from '../checker/deep-equal.ts';
import type { Monitor } from '../core/events.ts';
import { keyOf as stateKey } from '../core/state-key.ts';

export interface MergeOptions {
  /** Keeps and compares the states of the keys: slower by half or more, and much larger. */
  readonly verify?: boolean;
  /** Makes a key of a state (default: 128 bits). */
  readonly keyOf?: (state: unknown) => string;
}

/** A key, and its state when merges are verified. A class, to distinguish it from plain data. */
export class MergeKey {
  readonly text: string;
  readonly state: unknown;
  /** Where merges are verified: counts the comparisons. */
  readonly tally: MergeTally | undefined;

  constructor(text: string, state?: unknown, tally?: MergeTally) {
    this.text = text;
    this.state = state;
    this.tally = tally;
  }
}

interface MergeTally {
  compared: number;
}

/** Two states that differ have one key: a bug here, and no verdict of the campaign counts. */
export class WrongMergeError extends Error {
  override readonly name = 'WrongMergeError';
}

/** Makes keys. */
export class MergeKeys {
  readonly #keyOf: (state: unknown) => string;
  readonly #tally: MergeTally | undefined;
  /** Memories do not change: their keys of one time are known. */
  readonly #memories = new Map<Monitor, WeakMap<object, { readonly now: number; readonly key: MergeKey }>>();
  #count = 0;

  constructor({ verify = false, keyOf = stateKey }: MergeOptions = {}) {
    this.#keyOf = keyOf;
    this.#tally = verify ? { compared: 0 } : undefined;
  }

  /** How often two equal keys were found to mean equal states; undefined where merges are not verified. */
  get verified(): number | undefined {
    return this.#tally?.compared;
  }

  /** The key of these parts together, each with its name: plain data, or keys of such. */
  of(parts: Readonly<Record<string, unknown>>): MergeKey {
    const text = this.#keyOf(mapped(parts, (key) => key.text));
    if (this.#tally === undefined) return new MergeKey(text);
    return new MergeKey(
      text,
      mapped(parts, (key) => key.state),
      this.#tally,
    );
  }

  /** The key of these together, in their order. They are as long as each other, so one text of all of them is enough. */
  ofAll(keys: readonly MergeKey[]): MergeKey {
    const text = this.#keyOf(keys.map((key) => key.text).join(''));
    if (this.#tally === undefined) return new MergeKey(text);
    return new MergeKey(
      text,
      keys.map((key) => key.state),
      this.#tally,
    );
  }

  /** The key of the part of a memory that can still change a verdict. */
  ofMemory(rule: Monitor, memory: unknown, now: number): MergeKey {
    if (typeof memory !== 'object' || memory === null) return this.of({ memory: relevantMemory(rule, memory, now) });
    let known = this.#memories.get(rule);
    if (known === undefined) {
      known = new WeakMap();
      this.#memories.set(rule, known);
    }
    const last = known.get(memory);
    if (last?.now === now) return last.key;
    const key = this.of({ memory: relevantMemory(rule, memory, now) });
    known.set(memory, { now, key });
    return key;
  }

  /** The key of a sequence, from that of all before its last item. */
  next({ text, state }: MergeKey, item: unknown): MergeKey {
    const next = this.#keyOf([text, item]);
    if (this.#tally === undefined) return new MergeKey(next);
    return new MergeKey(next, [...((state ?? []) as readonly unknown[]), item], this.#tally);
  }

  /** A key that no other equals. `of`: distinguishes it from those of other workers. */
  unique(of = ''): MergeKey {
    this.#count += 1;
    return new MergeKey(`#${of} ${this.#count}`);
  }
}

function mapped(parts: Readonly<Record<string, unknown>>, of: (key: MergeKey) => unknown): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = {};
  for (const name in parts) {
    const part = parts[name];
    made[name] = part instanceof MergeKey ? of(part) : part;
  }
  return made;
}

/** Whether both mean one state. Throws `WrongMergeError` where they should not. */
export function isSameState(one: MergeKey, other: MergeKey): boolean {
  if (one.text !== other.text) return false;
  if (one.tally === undefined || one === other) return true;
  one.tally.compared += 1;
  if (deepEqual(one.state, other.state)) return true;
  throw new WrongMergeError(
    `wrong merge: two states that differ in '${differencePath(one.state, other.state).join('.')}' have one key; no verdict of this campaign counts`,
  );
}

/** A map by keys. Throws `WrongMergeError` where a key is found that belongs to another state. */
export class MergeMap<Value> {
  readonly #values = new Map<string, Value>();
  readonly #keys = new Map<string, MergeKey>();

  has(key: MergeKey): boolean {
    const kept = this.#keys.get(key.text);
    if (kept !== undefined) isSameState(kept, key);
    return this.#values.has(key.text);
  }
  get(key: MergeKey): Value | undefined {
    return this.has(key) ? this.#values.get(key.text) : undefined;
  }
  set(key: MergeKey, value: Value): void {
    if (!this.has(key) && key.tally !== undefined) this.#keys.set(key.text, key);
    this.#values.set(key.text, value);
  }
  /** The keys as texts, in the order in which they came. */
  texts(): readonly string[] {
    return [...this.#values.keys()];
  }
  values(): readonly Value[] {
    return [...this.#values.values()];
  }
}

/** The first item of each key, in their order. */
export function distinct<Keyed extends { readonly key: MergeKey }>(all: readonly Keyed[]): readonly Keyed[] {
  return grouped(all, ({ key }) => key).map(([first]) => first as Keyed);
}

/** Groups by key, in the order in which each key came first. */
export function grouped<Item>(all: readonly Item[], keyOf: (item: Item) => MergeKey): readonly (readonly Item[])[] {
  const groups = new MergeMap<Item[]>();
  for (const item of all) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups.values();
}
