/** Times in which nobody decides, and why: how much of the voting power is up and can hear one another, and how much is needed. */
import type { World } from '../actors/scheduler/index.ts';
import { isCut } from '../network-sim/index.ts';
import type { DecisionCounter } from './counters.ts';
import { type ScenarioData, signerOf } from './model.ts';
import { protocolNamed, setsOf } from './protocols.ts';

/** A long time without a decision. */
export interface Standstill {
  /** Milliseconds: the last decision before it, or the start of the run. */
  readonly fromMs: number;
  /** Milliseconds: the next decision; undefined when the run was over first. */
  readonly untilMs?: number;
  /** Voting power that was missing, when it had lasted for long; undefined when none was. */
  readonly missing?: string;
}

const longMs = 10_000;
/** On a slow network a decision may take longer: this many of the longest delays. */
const longDelays = 30;

export class StandstillCounter {
  readonly #data: ScenarioData;
  readonly #decisions: DecisionCounter;
  readonly #longMs: number;
  #over: readonly Standstill[] = [];
  #present: Standstill | undefined;

  constructor(data: ScenarioData, decisions: DecisionCounter, delayMs: number) {
    this.#data = data;
    this.#decisions = decisions;
    this.#longMs = Math.max(longMs, longDelays * delayMs);
  }

  /** Called after each step. Looks into the world only once a standstill. */
  look(world: World): void {
    const { lastMs } = this.#decisions;
    if (this.#present !== undefined && lastMs > this.#present.fromMs) {
      this.#over = [...this.#over, { ...this.#present, untilMs: lastMs }];
      this.#present = undefined;
    }
    if (this.#present !== undefined || world.now / 1000 - lastMs < this.#longMs) return;
    const missing = powerMissing(this.#data, world);
    this.#present = { fromMs: lastMs, ...(missing === undefined ? {} : { missing }) };
  }

  /** All of them, in the order in which they came. */
  get all(): readonly Standstill[] {
    return this.#present === undefined ? this.#over : [...this.#over, this.#present];
  }
}

/** In words; undefined if enough of it is there. */
export function powerMissing(data: ScenarioData, world: World): string | undefined {
  const { observer, nodes } = world;
  const height = Math.max(1, ...nodes.map((node) => world.position(node).height));
  const powers: ReadonlyMap<string, number> = setsOf(data).findLast(({ from }) => from <= height)?.powers ?? new Map();
  // Two machines with one key have its power once.
  const sum = (some: readonly string[]): number =>
    [...new Set(some.map((node) => signerOf(data, node)))].reduce((total, key) => total + (powers.get(key) ?? 0), 0);
  const isByzantine = protocolNamed(data.protocol).tolerates === 'byzantine';
  const total = sum(nodes);
  const needed = Math.floor((total * (isByzantine ? 2 : 1)) / (isByzantine ? 3 : 2)) + 1;
  const voting = nodes.filter((node) => world.isUp(node) && !world.isPaused(node) && !observer.isAbstaining(node));
  if (sum(voting) < needed) return `${sum(voting)} of ${total} voting power is up, ${needed} needed${whoIsNot(world, powers)}`;
  const largest = Math.max(...voting.map((node) => sum(voting.filter((other) => hear(world, node, other)))));
  return largest < needed ? `at most ${largest} of ${total} voting power can hear one another, ${needed} needed` : undefined;
}

/** The nodes with voting power that do not vote, with the reason. */
function whoIsNot(world: World, powers: ReadonlyMap<string, number>): string {
  const left = world.nodes.flatMap((node): readonly string[] => {
    if ((powers.get(node) ?? 0) === 0) return [];
    if (!world.isUp(node)) return [`${node} is down`];
    if (world.isPaused(node)) return [`${node} is paused`];
    return world.observer.isAbstaining(node) ? [`${node} abstains`] : [];
  });
  return ` (${left.join(', ')})`;
}

function hear(world: World, a: string, b: string): boolean {
  return !world.network.partitions.some((partition) => isCut(partition, a, b) || isCut(partition, b, a));
}
