/**
 * Exploration: every schedule of messages with at most D departures from first in, first out, and in each every death of the victim at
 * every crash point, within bounds of heights and rounds.
 *
 * Reductions, with their arguments: (1) Steps within one node (messages between its actors, its disk) are done in their own order as soon
 * as they are there: nodes share nothing but the wire, so another order of steps of two nodes gives the same states; a crash point lies
 * between any two of the victim's. (2) Of a pair of nodes only the oldest message is a choice, as links keep their order. (3) A state that
 * was met before with no more departures used has no new future. Leaves out: times (a timer elapses when no message is under way, or as
 * a departure), torn writes (crash points enumerates them).
 */
import type { PointName } from '../actors/record.ts';
import { type Entry, pointText, type World } from '../actors/scheduler/index.ts';
import {
  choicesOf,
  longestSchedule,
  type Picks,
  type ScheduleBounds,
  scheduleEnd,
  scheduleRestartMs,
  settle,
  waysToDie,
  wordsOf,
} from './schedule.ts';

export interface ExplorePlan extends ScheduleBounds {
  readonly start: () => World;
  /** In the order of the world's monitors. */
  readonly properties: readonly string[];
  readonly deaths: number;
  readonly deviations: number;
  readonly merge: boolean;
  /** Stops after so many states, and then the space was not exhausted. */
  readonly maxStates: number;
}

export interface ExploreViolation {
  readonly property: string;
  readonly message: string;
  /** The departures and deaths that led there, in words. */
  readonly path: readonly string[];
  /** The same for `replay`: the departures, and the crash points with their images. */
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export interface ExploreResult {
  readonly states: number;
  readonly transitions: number;
  /** Ends of schedules that were judged, and how many were cut at the bound of rounds. */
  readonly ends: number;
  readonly cut: number;
  readonly merged: number;
  readonly deaths: number;
  readonly isExhausted: boolean;
  readonly violations: readonly ExploreViolation[];
}

interface Branch {
  readonly world: World;
  readonly deviations: number;
  /** Decisions taken so far. */
  readonly decisions: number;
  readonly trail: Trail;
}

/** How a schedule came to where it is. */
export interface Trail {
  readonly path: readonly string[];
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export const noTrail: Trail = { path: [], picks: {}, deaths: [] };

export function explore(plan: ExplorePlan, onProgress?: (states: number) => void): ExploreResult {
  const search = new Search(plan, onProgress);
  search.run();
  return search.result;
}

class Search {
  readonly #plan: ExplorePlan;
  readonly #onProgress: ((states: number) => void) | undefined;
  readonly #stack: Branch[] = [];
  /** State and deaths, to the fewest departures with which it was met. */
  readonly #seen = new Map<string, number>();
  readonly #violations = new Map<string, ExploreViolation>();
  #counts = { states: 0, transitions: 0, ends: 0, cut: 0, merged: 0, deaths: 0 };
  #isExhausted = true;

  constructor(plan: ExplorePlan, onProgress: ((states: number) => void) | undefined) {
    this.#plan = plan;
    this.#onProgress = onProgress;
  }

  get result(): ExploreResult {
    return { ...this.#counts, isExhausted: this.#isExhausted, violations: [...this.#violations.values()] };
  }

  run(): void {
    this.#stack.push({ world: this.#plan.start(), deviations: 0, decisions: 0, trail: noTrail });
    for (let branch = this.#stack.pop(); branch !== undefined; branch = this.#stack.pop()) {
      if (this.#isFull) return;
      this.#follow(branch);
    }
  }

  /** Whether the search has seen as many states as it may, and then the space was not exhausted. */
  get #isFull(): boolean {
    const isFull = this.#counts.states >= this.#plan.maxStates;
    if (isFull) this.#isExhausted = false;
    return isFull;
  }

  /** One schedule to its end, or to a state that was met before; what departs from it waits on the stack. */
  #follow({ world, deviations, decisions: taken, trail }: Branch): void {
    const plan = this.#plan;
    for (let decisions = taken; ; decisions += 1) {
      settle(world, (entry) => this.#deliver({ world, deviations, decisions, trail }, entry));
      const end = scheduleEnd(world, plan);
      if (end === 'cut') {
        this.#counts.cut += 1;
        return;
      }
      if (end === undefined && plan.merge && this.#wasMet(world, deviations, trail.deaths.length)) {
        // Its future is known, its past is not: what it has broken so far counts here.
        this.#judge(world, trail);
        return;
      }
      const [first, ...others] = end === undefined ? choicesOf(world) : [];
      if (first === undefined) {
        this.#counts.ends += 1;
        this.#judge(world, trail);
        return;
      }
      if (decisions >= longestSchedule) this.#counts.cut += 1;
      if (decisions >= longestSchedule || this.#isFull) {
        this.#judge(world, trail);
        return;
      }
      this.#counts.states += 1;
      if (this.#counts.states % 1000 === 0) this.#onProgress?.(this.#counts.states);
      if (deviations < plan.deviations) {
        for (const [index, other] of others.entries()) {
          const fork = world.fork();
          const departed: Branch = {
            world: fork,
            deviations: deviations + 1,
            decisions: decisions + 1,
            trail: {
              ...trail,
              path: [...trail.path, wordsOf(other, fork)],
              picks: { ...trail.picks, [decisions]: index + 1 },
            },
          };
          this.#deliver(departed, other);
          this.#stack.push(departed);
        }
      }
      this.#deliver({ world, deviations, decisions: decisions + 1, trail }, first);
    }
  }

  #deliver(branch: Branch, entry: Entry): void {
    const { world, trail } = branch;
    this.#counts.transitions += 1;
    world.onPoint =
      trail.deaths.length >= this.#plan.deaths
        ? undefined
        : (point, phase, _effect, at) => {
            if (point.node === this.#plan.victim && phase !== 'torn') this.#die(at, point, phase, branch);
          };
    world.stepEntry(entry);
    world.onPoint = undefined;
  }

  /** At a crash point: each way to die is a branch of its own. */
  #die(at: World, point: PointName, phase: 'before' | 'after', { deviations, decisions, trail }: Branch): void {
    if (point.height > this.#plan.heights) return;
    const hasPending = at.disk(point.node).pending().length > 0;
    const name = pointText(point, phase);
    for (const way of waysToDie) {
      if (way.image === 'all' && !hasPending) continue;
      const fork = at.fork();
      fork.die(point.node, way.kind, way.image, name);
      fork.schedule(scheduleRestartMs * 1000, { type: 'restart' }, point.node);
      this.#counts.deaths += 1;
      const path = [...trail.path, `${name}: ${way.words}`];
      const deaths = [...trail.deaths, `${name}/${way.name}`];
      this.#stack.push({ world: fork, deviations, decisions, trail: { path, picks: trail.picks, deaths } });
    }
  }

  #wasMet(world: World, deviations: number, deaths: number): boolean {
    const key = `${world.digest()} ${deaths}`;
    const before = this.#seen.get(key);
    if (before !== undefined && before <= deviations) {
      this.#counts.merged += 1;
      return true;
    }
    this.#seen.set(key, deviations);
    return false;
  }

  #judge(world: World, trail: Trail): void {
    collectViolations(this.#plan, world, trail, this.#violations);
  }
}

/** The first violation of each property, with the way there. */
export function collectViolations(
  { properties }: Pick<ExplorePlan, 'properties'>,
  world: World,
  trail: Trail,
  found: Map<string, ExploreViolation>,
): void {
  for (const [index, monitor] of world.monitors.entries()) {
    const property = properties[index] ?? '';
    if (found.has(property)) continue;
    const { verdict, violations } = monitor.finish(world.witness);
    if (verdict === 'violated') found.set(property, { property, message: violations[0]?.message ?? '', ...trail });
  }
}
