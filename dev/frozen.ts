/**
 * A run in which nobody can change what it shares: every state, message and effect of every actor is frozen to its depths. Byte arrays cannot be
 * frozen: each is digested when it is first seen, again after each step of an actor that could reach it, and at the end of the run.
 */
import { basename, join } from 'node:path';
import type { ActorSpec, NodeSpec } from '../actors/scheduler/index.ts';
import { loadScenario, scenarioFiles } from '../apps/cli/load-scenario.ts';
import { fuzzCase } from '../campaigns/index.ts';
import { bytesDigest } from '../core/digest.ts';
import type { Message, Step } from '../core/effects.ts';
import type { Scenario } from '../scenarios/index.ts';
import type { ScenarioData } from '../scenarios/model.ts';
import { type Run, type RunOptions, runScenario } from '../scenarios/runner.ts';

/** What can be changed through a frozen value: byte arrays. */
type Views = readonly Uint8Array[];

const none: Views = [];
const changing: readonly string[] = ['set', 'add', 'delete', 'clear'];

function refused(): never {
  throw new TypeError('Cannot change a frozen map or set');
}

/** Freezes what the actors of one run share, and reports what was changed all the same. */
export class Freezer {
  /** What was changed, in words. */
  readonly findings: string[] = [];
  readonly #frozen = new WeakMap<object, Views>();
  readonly #digests = new Map<Uint8Array, number>();

  /** The node with each actor watched. */
  readonly wrap = (spec: NodeSpec): NodeSpec => ({
    ...spec,
    actors: spec.actors.map((actor) => this.#watched(spec.name, actor)),
  });

  /** Compares every byte array that was seen. */
  checkAll(where: string): void {
    this.#check([...this.#digests.keys()], where);
  }

  #watched(node: string, actor: ActorSpec): ActorSpec {
    const receive = actor.receive as (state: unknown, message: Message, from: string) => Step<unknown>;
    return {
      ...actor,
      start: (life) => {
        const state = actor.start(life);
        this.freeze(state);
        return state;
      },
      receive: (state: unknown, message: Message, from: string): Step<unknown> => {
        const where = `${actor.name} of ${node}, on '${message.type}' from ${from}`;
        try {
          const reached = [...this.freeze(state), ...this.freeze(message)];
          const step = receive(state, message, from);
          this.#check(reached, where);
          this.freeze(step.state);
          this.freeze(step.effects);
          return step;
        } catch (error) {
          if (error instanceof TypeError) this.findings.push(`${where}: ${error.message}`);
          throw error;
        }
      },
    };
  }

  /** The byte arrays within. Throws `TypeError` for what is no plain data: it could be changed unseen. */
  freeze(value: unknown): Views {
    if (typeof value !== 'object' || value === null) return none;
    if (value instanceof Uint8Array) {
      if (!this.#digests.has(value)) this.#digests.set(value, bytesDigest(value));
      return [value];
    }
    const known = this.#frozen.get(value);
    if (known !== undefined) return known;
    this.#frozen.set(value, none);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (![Object.prototype, null, Array.prototype, Map.prototype, Set.prototype].includes(prototype as object | null))
      throw new TypeError(`a state, message or effect holds ${value.constructor.name}, which is no plain data`);
    const views = new Set<Uint8Array>();
    const within: unknown[] = value instanceof Map || value instanceof Set ? [...value].flat() : [];
    for (const child of [...within, ...Object.values(value)]) for (const view of this.freeze(child)) views.add(view);
    if (value instanceof Map || value instanceof Set)
      for (const name of changing) Object.defineProperty(value, name, { value: refused });
    Object.freeze(value);
    const found = views.size === 0 ? none : [...views];
    this.#frozen.set(value, found);
    return found;
  }

  #check(views: Views, where: string): void {
    for (const view of views) {
      const digest = bytesDigest(view);
      if (digest === this.#digests.get(view)) continue;
      this.findings.push(`${where}: ${view.length} bytes were changed after they had been shared`);
      this.#digests.set(view, digest);
    }
  }
}

/** Runs a scenario as it is and frozen, which must come to the same. What was changed, and whether the runs differ; empty: nothing. */
export function findingsOf(data: ScenarioData, options: RunOptions = {}): readonly string[] {
  const freezer = new Freezer();
  const words = ({ hash, verdict, properties }: Run): string => JSON.stringify([hash, verdict, properties]);
  const expected = words(runScenario(data, options));
  const wrap = (spec: NodeSpec): NodeSpec => freezer.wrap(options.wrap?.(spec) ?? spec);
  try {
    const frozen = words(runScenario(data, { ...options, wrap }));
    if (frozen !== expected) freezer.findings.push('the frozen run differs from the run as it is');
  } catch (error) {
    // A monitor or the scheduler, which no actor wraps.
    if (!(error instanceof TypeError)) throw error;
    freezer.findings.push(`outside of the actors: ${error.stack}`);
  }
  freezer.checkAll('after the run');
  return [...new Set(freezer.findings)];
}

export interface FrozenCase {
  readonly name: string;
  findings(): readonly string[];
}

const library = join(import.meta.dirname, '../scenarios/library');

/** Every variant of every scenario of the library. */
export async function libraryCases(): Promise<readonly FrozenCase[]> {
  const cases: FrozenCase[] = [];
  for (const file of scenarioFiles([library])) {
    const { data } = await loadScenario(file);
    const variants = data.variants.length === 0 ? [{}] : data.variants.map(({ name }) => ({ variant: name }));
    for (const options of variants)
      cases.push({ name: [basename(file), ...Object.values(options)].join(', '), findings: () => findingsOf(data, options) });
  }
  return cases;
}

const clusters = ['01-the-lesson-of-the-log.ts', '24-gossip-over-a-ring.ts', '25-raft-loses-power.ts'];

/** Seeds from 1, each with a drawn fault plan: in turns four nodes, a ring, and three nodes of Raft. */
export async function seedCases(count: number): Promise<readonly FrozenCase[]> {
  const scenarios = await Promise.all(clusters.map((name) => loadScenario(join(library, name))));
  return Array.from({ length: count }, (_, index): FrozenCase => {
    const place = index % clusters.length;
    const { data } = scenarios[place] as Scenario;
    return { name: `${clusters[place]}, seed ${index + 1}`, findings: () => findingsOf(fuzzCase(data, index + 1)) };
  });
}
