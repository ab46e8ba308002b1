/**
 * Exploration: every schedule of messages with at most D departures from first in, first out, and in each every death of the victim at
 * every crash point, within bounds of heights and rounds.
 *
 * Reductions, with their arguments: (1) The others' disks answer as soon as they are asked. They do not die, and what comes to one of them
 * while it waits for its disk changes nothing that waits: it could as well have come behind the answer. (2) Messages between the actors of a
 * node are done in their own order: none of them is a crash point. (3) Of a pair of nodes only the oldest message is a choice, as links keep
 * their order. (4) A state that was met before with no more departures used has no new future. `disks: 'all'` and `merge: false` do without (1) and
 * (4), and lead to the same outcomes. Leaves out: times (a timer elapses when nothing else is under way), torn writes (crash points enumerates them).
 */

import { CausalOrder, type Waits, wordsOf } from '../../actors/scheduler/causal-order.ts';
import { type Entry, pointText, type World } from '../../actors/scheduler/index.ts';
import {
  lateDisks,
  longestSchedule,
  nothingWaits,
  openings,
  type Picks,
  type ScheduleBounds,
  scheduleEnd,
  scheduleRestartMs,
  waysToDie,
} from '../../actors/scheduler/schedule.ts';
import type { PointName } from '../../core/events.ts';
import { MergeKeys, MergeMap, type MergeOptions } from '../merge-keys.ts';

export interface ExplorePlan extends ScheduleBounds {
  readonly start: () => World;
  /** In the order of the world's monitors. */
  readonly properties: readonly string[];
  readonly deaths: number;
  readonly deviations: number;
  readonly merge: boolean;
  /** How keys are made and checked (default: 128 bits, unchecked). */
  readonly merges?: MergeOptions;
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
  /** How often two equal keys were found to stand for equal states, where merges are verified. */
  readonly verifiedMerges?: number;
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

/** What a schedule may still turn to at one place: choices other than the first, or ways to die. Its world is forked for each but the last. */
interface Turning extends Branch {
  readonly ways: readonly ((from: Branch) => Branch)[];
}

/** How a schedule came to where it is. */
export interface Trail {
  readonly path: readonly string[];
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export const noTrail: Trail = { path: [], picks: {}, deaths: [] };

export function searchSchedules(plan: ExplorePlan, onProgress?: (states: number) => void): ExploreResult {
  const search = new Search(plan, onProgress);
  search.run();
  return search.result;
}

class Search {
  readonly #plan: ExplorePlan;
  readonly #onProgress: ((states: number) => void) | undefined;
  readonly #order = new CausalOrder();
  readonly #stack: Turning[] = [];
  readonly #keys: MergeKeys;
  /** State and deaths, to the fewest departures with which it was met. */
  readonly #seen = new MergeMap<number>();
  readonly #violations = new Map<string, ExploreViolation>();
  #counts = { states: 0, transitions: 0, ends: 0, cut: 0, merged: 0, deaths: 0 };
  #isExhausted = true;

  constructor(plan: ExplorePlan, onProgress: ((states: number) => void) | undefined) {
    this.#plan = plan;
    this.#onProgress = onProgress;
    this.#keys = new MergeKeys(plan.merges);
  }

  get result(): ExploreResult {
    const { verified } = this.#keys;
    const verifiedMerges = verified === undefined ? {} : { verifiedMerges: verified };
    return { ...this.#counts, ...verifiedMerges, isExhausted: this.#isExhausted, violations: [...this.#violations.values()] };
  }

  run(): void {
    const start: Branch = { world: this.#plan.start(), deviations: 0, decisions: 0, trail: noTrail };
    for (const first of openings(start.world, this.#plan)) this.#settle(start, first);
    this.#follow(start);
    for (let turning = this.#stack.pop(); turning !== undefined; turning = this.#stack.pop()) {
      if (this.#isFull) return;
      const { ways, ...from } = turning;
      const [way, ...others] = ways;
      if (way === undefined) continue;
      const isLast = others.length === 0;
      if (!isLast) this.#stack.push({ ...from, ways: others });
      this.#follow(way(isLast ? from : { ...from, world: from.world.fork() }));
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
    // Where nothing may come before an answer of a disk, it is no decision.
    const waits = deviations < plan.deviations ? lateDisks(world, plan) : nothingWaits;
    for (let decisions = taken; ; decisions += 1) {
      const branch: Branch = { world, deviations, decisions, trail };
      this.#settle(branch, waits);
      const end = scheduleEnd(world, plan);
      if (end === 'cut') {
        this.#counts.cut += 1;
        return;
      }
      if (end === undefined && plan.merge && this.#wasMet(branch)) {
        // Its future is known. What was violated on the way here is not part of that, and counts.
        this.#judge(world, trail);
        return;
      }
      const [first, ...others] = end === undefined ? this.#order.choices(world, waits) : [];
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
      if (deviations < plan.deviations && others.length > 0) this.#departures(branch, others);
      this.#deliver({ ...branch, decisions: decisions + 1 }, first);
    }
  }

  #settle(branch: Branch, waits: Waits): void {
    this.#order.settle(branch.world, waits, (entry) => this.#deliver(branch, entry));
  }

  /** Each other choice in place of the first. */
  #departures({ world, ...before }: Branch, others: readonly Entry[]): void {
    const ways = others.map((other, place) => ({ world: fork, deviations, decisions, trail }: Branch): Branch => {
      const departed: Branch = {
        world: fork,
        deviations: deviations + 1,
        decisions: decisions + 1,
        trail: {
          ...trail,
          path: [...trail.path, wordsOf(other, fork)],
          picks: { ...trail.picks, [decisions]: place + 1 },
        },
      };
      this.#deliver(departed, other);
      return departed;
    });
    this.#stack.push({ ...before, world: world.fork(), ways });
  }

  #deliver(branch: Branch, entry: Entry): void {
    const { world, trail } = branch;
    this.#counts.transitions += 1;
    const depth = this.#order.depthOf(world, entry);
    world.onPoint =
      trail.deaths.length >= this.#plan.deaths
        ? undefined
        : (point, phase, _effect, at) => {
            if (point.node === this.#plan.victim && phase !== 'torn') this.#die(at, point, phase, depth, branch);
          };
    this.#order.deliver(world, entry);
    world.onPoint = undefined;
  }

  /** At a crash point: each way to die is a branch of its own. */
  #die(at: World, point: PointName, phase: 'before' | 'after', depth: number, { world: _, ...before }: Branch): void {
    if (point.height > this.#plan.heights) return;
    const hasPending = at.disk(point.node).pending().length > 0;
    const name = pointText(point, phase);
    const ways = waysToDie
      .filter(({ image }) => image !== 'all' || hasPending)
      .map((way) => ({ world: fork, trail, ...rest }: Branch): Branch => {
        fork.die(point.node, way.kind, way.image, name);
        fork.schedule(scheduleRestartMs * 1000, { type: 'restart' }, point.node);
        this.#order.learn(fork, depth);
        const path = [...trail.path, `${name}: ${way.words}`];
        return { ...rest, world: fork, trail: { path, picks: trail.picks, deaths: [...trail.deaths, `${name}/${way.name}`] } };
      });
    this.#counts.deaths += ways.length;
    this.#stack.push({ ...before, world: at.fork(), ways });
  }

  #wasMet({ world, deviations, trail }: Branch): boolean {
    const deaths = trail.deaths.length;
    const key = this.#keys.of({ world: world.present(), order: this.#order.present(world), deaths });
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
  for (const [index, { verdict, violations }] of world.verdicts().entries()) {
    const property = properties[index] ?? '';
    if (found.has(property)) continue;
    if (verdict === 'violated') found.set(property, { property, message: violations[0]?.message ?? '', ...trail });
  }
}
