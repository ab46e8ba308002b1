/**
 * The keys by which a campaign merges states. States with equal keys count as one state, and the outcome of the first is used for the others.
 *
 * A key is computed from a state as plain data. With `verify` each key keeps its state; whenever two keys are equal, the two states are compared by the
 * checker's own equality. This does not find a part that is missing in the state itself; tests compare merged and unmerged campaigns for that.
 */
import { relevantMemory } from '../actors/scheduler/index.ts';
import { deepEqual, differencePath } from '../checker/deep-equal.ts';
import type { Monitor } from '../core/events.ts';
import { keyOf as stateKey } from '../core/state-key.ts';

export interface MergeOptions {
  /** Keeps the state of each key, and compares states with equal keys. It takes half as long again or more, and much more memory. */
  readonly verify?: boolean;
  /** Computes the key of a state (default: a digest of 128 bits). */
  readonly keyOf?: (state: unknown) => string;
}

/** A key, with its state if merges are verified. It is a class so that it can be distinguished from plain data. */
export class MergeKey {
  readonly text: string;
  readonly state: unknown;
  /** Counts the comparisons; undefined unless merges are verified. */
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

/** Two different states have the same key. This is a bug of Lazurite, and no verdict of the campaign counts. */
export class WrongMergeError extends Error {
  override readonly name = 'WrongMergeError';
}

/** Computes the keys of a campaign. */
export class MergeKeys {
  readonly #keyOf: (state: unknown) => string;
  readonly #tally: MergeTally | undefined;
  /** The last key of each memory, and the time that it is relative to. Memories are never modified, so their keys can be cached. */
  readonly #memories = new Map<Monitor, WeakMap<object, { readonly now: number; readonly key: MergeKey }>>();
  #count = 0;

  constructor({ verify = false, keyOf = stateKey }: MergeOptions = {}) {
    this.#keyOf = keyOf;
    this.#tally = verify ? { compared: 0 } : undefined;
  }

  /** How often two states with equal keys were compared; undefined unless merges are verified. */
  get verified(): number | undefined {
    return this.#tally?.compared;
  }

  /** The key of named parts together. Each part is plain data or a key. */
  of(parts: Readonly<Record<string, unknown>>): MergeKey {
    const text = this.#keyOf(mapped(parts, (key) => key.text));
    if (this.#tally === undefined) return new MergeKey(text);
    return new MergeKey(
      text,
      mapped(parts, (key) => key.state),
      this.#tally,
    );
  }

  /** The key of a list of keys. All keys have the same length, so their texts can be joined without separators. */
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

  /** The key of a sequence, from the key of the sequence before its last item, and that item. */
  next({ text, state }: MergeKey, item: unknown): MergeKey {
    const next = this.#keyOf([text, item]);
    if (this.#tally === undefined) return new MergeKey(next);
    return new MergeKey(next, [...((state ?? []) as readonly unknown[]), item], this.#tally);
  }

  /** A key that equals no other. `of` distinguishes it from the unique keys of other workers. */
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

/** Whether both keys mean the same state. Throws `WrongMergeError` if the keys are equal and their states differ. */
export function isSameState(one: MergeKey, other: MergeKey): boolean {
  if (one.text !== other.text) return false;
  if (one.tally === undefined || one === other) return true;
  one.tally.compared += 1;
  if (deepEqual(one.state, other.state)) return true;
  throw new WrongMergeError(
    `wrong merge: two states that differ in '${differencePath(one.state, other.state).join('.')}' have one key; no verdict of this campaign counts`,
  );
}

/** A map by merge keys. Its methods throw `WrongMergeError` for a key that is equal to that of another state. */
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
  /** The texts of the keys, in the order in which they were added. */
  texts(): readonly string[] {
    return [...this.#values.keys()];
  }
  values(): readonly Value[] {
    return [...this.#values.values()];
  }
}

/** The items without those whose key an earlier item has. */
export function distinct<Keyed extends { readonly key: MergeKey }>(all: readonly Keyed[]): readonly Keyed[] {
  return grouped(all, ({ key }) => key).map(([first]) => first as Keyed);
}

/** Groups items by key. Groups are in the order of their first items. */
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
