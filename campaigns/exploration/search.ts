/**
 * Searches all schedules with at most a given number of departures from first in, first out. In each schedule the victim dies at every crash point, once in
 * each way. Heights and rounds are bounded.
 *
 * docs/explore.md lists the reductions of this search, and shows that they lose no violation. Time is not modelled: a timer elapses when nothing else can
 * be delivered. Torn writes are not tried here; the campaign of crash points tries them.
 */

import { CausalOrder, type Waits, wordsOf } from '../../actors/scheduler/causal-order.ts';
import { type Entry, pointText, type World } from '../../actors/scheduler/index.ts';
import {
  lateDisks,
  longestSchedule,
  nothingWaits,
  openings,
  scheduleEnd,
  scheduleRestartMs,
  waysToDie,
} from '../../actors/scheduler/schedule.ts';
import { hexKey } from '../../checker/tendermint/outcomes.ts';
import type { PointName } from '../../core/events.ts';
import { keyOf } from '../../core/state-key.ts';
import { grouped, type MergeKey, MergeKeys } from '../merge-keys.ts';
import {
  type Branch,
  firstBranch,
  type History,
  historySets,
  type Trail,
  wholeTrail,
  withDeparture,
  withHistories,
  worldOf,
} from './branch.ts';
import { type Dead, KnownStates } from './known-states.ts';
import { collectViolations, type ExplorePlan, type ExploreResult, type ExploreViolation } from './plan.ts';

/** The alternatives at one decision that are still to be followed. Each gets a fork of the world, except the last one, which gets the world itself. */
interface Turning {
  readonly from: Branch;
  readonly ways: readonly ((from: Branch) => Branch)[];
}

/** Searches all schedules within the bounds of the plan, each with every death of the victim. `onProgress` gets the number of states so far. */
export function searchSchedules(plan: ExplorePlan, onProgress?: (states: number) => void): ExploreResult {
  const search = new Search(plan, onProgress);
  search.run();
  return search.result;
}

class Search {
  readonly #plan: ExplorePlan;
  readonly #onProgress: ((states: number) => void) | undefined;
  readonly #order = new CausalOrder();
  /** What is still to be followed: alternatives at decisions, and the deaths of one schedule, whose worlds may become equal. */
  readonly #stack: (Turning | readonly Dead[])[] = [];
  readonly #keys: MergeKeys;
  readonly #known: KnownStates;
  readonly #violations = new Map<string, ExploreViolation>();
  readonly #outcomes = new Set<string>();
  #counts = { states: 0, transitions: 0, ends: 0, cut: 0, deaths: 0 };
  #isExhausted = true;

  constructor(plan: ExplorePlan, onProgress: ((states: number) => void) | undefined) {
    this.#plan = plan;
    this.#onProgress = onProgress;
    this.#keys = new MergeKeys(plan.merges);
    this.#known = new KnownStates(this.#keys, this.#order, plan);
  }

  get result(): ExploreResult {
    const { verified } = this.#keys;
    const verifiedMerges = verified === undefined ? {} : { verifiedMerges: verified };
    const outcomes = { count: this.#outcomes.size, digest: hexKey([...this.#outcomes].sort()) };
    return {
      ...this.#counts,
      merged: this.#known.merged,
      outcomes,
      ...verifiedMerges,
      isExhausted: this.#isExhausted,
      violations: [...this.#violations.values()],
    };
  }

  run(): void {
    const start = firstBranch(this.#plan.start());
    const deaths: Dead[] = [];
    for (const first of openings(start.world, this.#plan)) this.#settle(start, first, deaths);
    this.#follow(start, [], deaths);
    for (let next = this.#stack.pop(); next !== undefined; next = this.#stack.pop()) {
      if (this.#isFull) return;
      if ('ways' in next) this.#turn(next);
      else this.#followDeaths(next);
    }
  }

  /** Whether the search has met the most states that it may meet. If so, it notes that the schedules are not exhausted. */
  get #isFull(): boolean {
    const isFull = this.#counts.states >= this.#plan.maxStates;
    if (isFull) this.#isExhausted = false;
    return isFull;
  }

  #turn({ from, ways }: Turning): void {
    const [way, ...others] = ways;
    if (way === undefined) return;
    const isLast = others.length === 0;
    if (!isLast) this.#stack.push({ from, ways: others });
    this.#follow(way(isLast ? from : { ...from, world: from.world.fork() }), [], []);
  }

  /** Follows the first of these deaths, together with all whose worlds become equal to its world. The others wait on the stack. */
  #followDeaths([first, ...others]: readonly Dead[]): void {
    if (first === undefined) return;
    const left = [...others];
    this.#follow(first.branch, left, []);
    if (left.length > 0) this.#stack.push(left);
  }

  /**
   * Follows one schedule to its end, or to a state that was met before. Its alternatives wait on the stack. `joining`: deaths that may join the branch when
   * their worlds become equal; those that join are removed. `deaths`: collects the deaths in this schedule.
   */
  #follow(from: Branch, joining: Dead[], deaths: Dead[]): void {
    this.#followToEnd(from, joining, deaths);
    if (deaths.length > 0) this.#stack.push(deaths);
  }

  #followToEnd(from: Branch, joining: Dead[], deaths: Dead[]): void {
    const plan = this.#plan;
    // If no departures are left, disk answers are delivered at once: their order is not a decision.
    const waits = from.deviations < plan.deviations ? lateDisks(from.world, plan) : nothingWaits;
    let after: Turning | undefined;
    for (let branch = from; ; branch = { ...branch, decisions: branch.decisions + 1 }) {
      this.#settle(branch, waits, deaths);
      if (branch.sharing.length > 0 && branch.world.isDiskSeen(plan.victim)) {
        // Something has read the disk, which is not that of every history. So each death is followed again, in its own world.
        for (const alone of branch.sharing)
          this.#stack.push({ from: { ...alone, world: alone.world.fork(), isAlone: true }, ways: [(same) => same] });
        return;
      }
      const end = scheduleEnd(branch.world, plan);
      if (end === undefined && plan.merge) {
        const open = this.#known.open(branch, joining);
        if (open === undefined) return;
        branch = open;
      }
      const { world, deviations } = branch;
      const choices = end === undefined ? this.#order.choices(world, waits) : [];
      const [first] = choices;
      if (first === undefined || branch.decisions >= longestSchedule || this.#isFull) {
        const isCut = end === 'cut' || first !== undefined;
        this.#counts[isCut ? 'cut' : 'ends'] += 1;
        for (const history of branch.histories) this.#judge(branch, history, isCut);
        if (after !== undefined) this.#stack.push(after);
        return;
      }
      this.#counts.states += 1;
      if (this.#counts.states % 1000 === 0) this.#onProgress?.(this.#counts.states);
      after = deviations < plan.deviations && choices.length > 1 ? this.#departures(branch, choices) : undefined;
      if (isRestart(first)) {
        this.#stack.push({ from: branch, ways: this.#restarts(branch, first) });
        return;
      }
      this.#deliver(branch, first, deaths);
    }
  }

  #settle(branch: Branch, waits: Waits, deaths: Dead[]): void {
    this.#order.settle(branch.world, waits, (entry) => this.#deliver(branch, entry, deaths));
  }

  /**
   * Puts each alternative to the first choice on the stack. The last departure of a schedule need not be tried here if it can come after the first
   * choice with the same result. Those are returned, for the case that the schedule ends with the first choice.
   */
  #departures(branch: Branch, choices: readonly Entry[]): Turning | undefined {
    const { deviations: most, everyDeparture = false } = this.#plan;
    // If more departures may follow, even a departure that could come later may make another one possible.
    const isLast = branch.deviations + 1 === most;
    const places = choices.map((_, place) => place).slice(1);
    const isLater = (place: number): boolean =>
      isLast && !everyDeparture && this.#order.isRedundant(branch.world, choices, place);
    const [now, later] = [places.filter((place) => !isLater(place)), places.filter(isLater)].map((chosen): Turning | undefined =>
      chosen.length === 0
        ? undefined
        : {
            from: { ...branch, world: branch.world.fork() },
            ways: chosen.flatMap((place) => this.#waysOf(branch, choices[place] as Entry, place)),
          },
    );
    if (now !== undefined) this.#stack.push(now);
    return later;
  }

  #waysOf(branch: Branch, entry: Entry, place: number): Turning['ways'] {
    const turned = (from: Branch): Branch => withDeparture(from, wordsOf(entry, from.world), place);
    if (isRestart(entry)) return this.#restarts(branch, entry).map((way) => (from) => way(turned(from)));
    return [(from) => this.#departed(turned(from), entry)];
  }

  #departed(branch: Branch, entry: Entry): Branch {
    const deaths: Dead[] = [];
    this.#deliver(branch, entry, deaths);
    if (deaths.length > 0) this.#stack.push(deaths);
    return { ...branch, decisions: branch.decisions + 1 };
  }

  /** The alternatives at a restart of the victim: one for each distinct disk. Histories with equal disks go on together. */
  #restarts({ histories, world }: Branch, entry: Entry): Turning['ways'] {
    const { victim } = this.#plan;
    const diskOf = ({ disk }: History): MergeKey => this.#keys.of({ disk: (disk ?? world.disk(victim)).present() });
    return grouped(histories, diskOf).map((chosen) => (from: Branch) => {
      const sets = historySets(this.#keys, { ...from, histories: chosen });
      const back = withHistories(this.#keys, from, chosen, sets, victim);
      const [disk] = chosen.map((history) => history.disk);
      if (disk !== undefined) back.world.replaceDisk(victim, disk.fork());
      const together = back.histories.map((history): History => ({ ...history, disk: undefined }));
      return this.#departed({ ...back, histories: together, sharing: [], isAlone: false }, entry);
    });
  }

  #deliver(branch: Branch, entry: Entry, deaths: Dead[]): void {
    const { world } = branch;
    this.#counts.transitions += 1;
    const depth = this.#order.depthOf(world, entry);
    world.onPoint =
      branch.deaths >= this.#plan.deaths
        ? undefined
        : (point, phase, _effect, at) => {
            if (point.node === this.#plan.victim && phase !== 'torn') this.#die(at, point, phase, depth, branch, deaths);
          };
    this.#order.deliver(world, entry);
    world.onPoint = undefined;
  }

  /** Lets the victim die at a crash point. Each way to die becomes a branch. */
  #die(at: World, point: PointName, phase: 'before' | 'after', depth: number, branch: Branch, deaths: Dead[]): void {
    if (point.height > this.#plan.heights) return;
    const hasPending = at.disk(point.node).pending().length > 0;
    const name = pointText(point, phase);
    let key: MergeKey | undefined;
    for (const { kind, image, words, name: way } of waysToDie) {
      if (image === 'all' && !hasPending) continue;
      this.#counts.deaths += 1;
      const world = at.fork();
      world.die(point.node, kind, image, name);
      world.schedule(scheduleRestartMs * 1000, { type: 'restart' }, point.node);
      this.#order.noteDepths(world, depth);
      const disk = world.disk(point.node);
      const histories = branch.histories.map((history): History => ({ ...history, disk }));
      const { path, picks, deaths: before } = branch.trail;
      const trail: Trail = { path: [...path, `${name}: ${words}`], picks, deaths: [...before, `${name}/${way}`] };
      const dead: Branch = { ...branch, world, histories, trail, deaths: branch.deaths + 1 };
      // The ways to die at one point differ only in the disk, so they have the same key.
      key ??= this.#known.sharedKey(dead);
      deaths.push({ branch: dead, key });
    }
  }

  #judge(branch: Branch, history: History, isCut: boolean): void {
    const isAlone = branch.histories.length === 1 && branch.sharing.length === 0;
    const world = isAlone ? branch.world : worldOf(branch, history, this.#plan.victim);
    collectViolations(this.#plan, world, wholeTrail(branch, history), this.#violations);
    const outcome = world.memories[this.#plan.properties.length]?.[0];
    if (outcome !== undefined && !isCut) this.#outcomes.add(keyOf(outcome));
  }
}

function isRestart({ delivery }: Entry): boolean {
  return delivery.type === 'control' && delivery.action.type === 'restart';
}
