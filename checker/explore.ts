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
import type { CrashImage, DeathKind, PointName } from '../actors/record.ts';
import { type Entry, pointText, type World } from '../actors/scheduler/index.ts';

export interface ExplorePlan {
  readonly start: () => World;
  /** In the order of the world's monitors. */
  readonly properties: readonly string[];
  /** Properties that speak of time, which a free order of messages makes meaningless. */
  readonly notJudged: readonly string[];
  readonly victim: string;
  readonly heights: number;
  /** The last round that is followed; a schedule that needs more is counted as cut. */
  readonly rounds: number;
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
  readonly deaths: number;
  readonly path: readonly string[];
}

const restartMs = 1;
const ways: readonly { readonly kind: DeathKind; readonly image: CrashImage | undefined; readonly words: string }[] = [
  { kind: 'kill', image: undefined, words: 'kill' },
  { kind: 'power', image: 'none', words: 'power, nothing unsynced left' },
  { kind: 'power', image: 'all', words: 'power, everything left' },
];

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
    this.#stack.push({ world: this.#plan.start(), deviations: 0, deaths: 0, path: [] });
    for (let branch = this.#stack.pop(); branch !== undefined; branch = this.#stack.pop()) {
      if (this.#counts.states >= this.#plan.maxStates) {
        this.#isExhausted = false;
        return;
      }
      this.#follow(branch);
    }
  }

  /** One schedule to its end, or to a state that was met before; what departs from it waits on the stack. */
  #follow(branch: Branch): void {
    const { world, deviations, deaths, path } = branch;
    const plan = this.#plan;
    for (;;) {
      this.#settle(branch);
      if (this.#isEnd(branch)) return;
      if (plan.merge && this.#wasMet(world, deviations, deaths)) {
        // Its future is known, its past is not: what it has broken so far counts here.
        this.#judge(world, path);
        return;
      }
      this.#counts.states += 1;
      if (this.#counts.states % 1000 === 0) this.#onProgress?.(this.#counts.states);
      const choices = this.#choices(world);
      const [first, ...others] = choices;
      if (first === undefined) {
        this.#counts.ends += 1;
        this.#judge(world, path);
        return;
      }
      if (deviations < plan.deviations) {
        for (const other of others) {
          const fork = world.fork();
          const departed = { world: fork, deviations: deviations + 1, deaths, path: [...path, wordsOf(other, fork)] };
          this.#deliver(departed, other);
          this.#stack.push(departed);
        }
      }
      this.#deliver(branch, first);
    }
  }

  /** All steps within nodes, in their own order. */
  #settle(branch: Branch): void {
    for (;;) {
      const local = firstLocal(branch.world);
      if (local === undefined) return;
      this.#deliver(branch, local);
    }
  }

  /** The oldest message of each pair of nodes; then, where none is under way, what elapses first; restarts may always come. */
  #choices(world: World): readonly Entry[] {
    const pairs = new Set<string>();
    const messages: Entry[] = [];
    const elapsing: Entry[] = [];
    for (const entry of [...world.underWay].sort(byTimeAndPlace)) {
      if (entry.delivery.type !== 'message') {
        elapsing.push(entry);
        continue;
      }
      const pair = `${entry.delivery.from}>${entry.node}`;
      if (pairs.has(pair)) continue;
      pairs.add(pair);
      messages.push(entry);
    }
    if (messages.length === 0) return elapsing.slice(0, 1);
    return [...messages, ...elapsing.filter(({ delivery }) => delivery.type === 'control').slice(0, 1)];
  }

  #deliver({ world, deviations, deaths, path }: Branch, entry: Entry): void {
    this.#counts.transitions += 1;
    world.onPoint =
      deaths >= this.#plan.deaths
        ? undefined
        : (point, phase, _effect, at) => {
            if (point.node === this.#plan.victim && phase !== 'torn')
              this.#die(at, point, phase, { world, deviations, deaths, path });
          };
    world.stepEntry(entry);
    world.onPoint = undefined;
  }

  /** At a crash point: each way to die is a branch of its own. */
  #die(at: World, point: PointName, phase: 'before' | 'after', { deviations, deaths, path }: Branch): void {
    if (point.height > this.#plan.heights) return;
    const hasPending = at.disk(point.node).pending().length > 0;
    for (const { kind, image, words } of ways) {
      if (image === 'all' && !hasPending) continue;
      const fork = at.fork();
      fork.die(point.node, kind, image, pointText(point, phase));
      fork.schedule(restartMs * 1000, { type: 'restart' }, point.node);
      this.#counts.deaths += 1;
      this.#stack.push({ world: fork, deviations, deaths: deaths + 1, path: [...path, `${pointText(point, phase)}: ${words}`] });
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

  #isEnd({ world, path }: Branch): boolean {
    const { heights, rounds, victim } = this.#plan;
    const up = world.nodes.filter((name) => world.isUp(name));
    if (up.some((name) => world.position(name).height <= heights && world.position(name).round > rounds)) {
      this.#counts.cut += 1;
      return true;
    }
    const isBack = world.isUp(victim) || world.stoppedBecause(victim) !== undefined;
    if (!isBack || !up.every((name) => world.position(name).height > heights)) return false;
    this.#counts.ends += 1;
    this.#judge(world, path);
    return true;
  }

  #judge(world: World, path: readonly string[]): void {
    for (const [index, monitor] of world.monitors.entries()) {
      const property = this.#plan.properties[index] ?? '';
      if (this.#plan.notJudged.includes(property) || this.#violations.has(property)) continue;
      const { verdict, violations } = monitor.finish(world.witness);
      if (verdict === 'violated') this.#violations.set(property, { property, message: violations[0]?.message ?? '', path });
    }
  }
}

/**
 * First in, first out, and of what comes at one instant by where it goes and whence: never by the order of arrival of two pairs, which
 * two equal states need not share.
 */
function byTimeAndPlace(a: Entry, b: Entry): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.node !== b.node) return a.node - b.node;
  const [from, other] = [fromOf(a), fromOf(b)];
  return from === other ? a.order - b.order : from < other ? -1 : 1;
}

function fromOf({ delivery }: Entry): string {
  return delivery.type === 'message' ? delivery.from : delivery.type === 'timer' ? ` ${delivery.timer}` : ` ${delivery.type}`;
}

function firstLocal({ underWay }: World): Entry | undefined {
  let first: Entry | undefined;
  for (const entry of underWay) if (isLocal(entry) && (first === undefined || byTimeAndPlace(entry, first) < 0)) first = entry;
  return first;
}

/** Between the actors of one node, or from its disk. */
function isLocal({ delivery, life }: Entry): boolean {
  return delivery.type === 'disk' || (delivery.type === 'message' && life !== -1);
}

function wordsOf({ delivery, node }: Entry, world: World): string {
  const to = world.nodes[node] ?? '';
  if (delivery.type === 'message') {
    const { type, voteType } = delivery.message as { readonly type: string; readonly voteType?: string };
    return `${voteType ?? type} ${delivery.from} -> ${to} first`;
  }
  return delivery.type === 'timer' ? `timer ${delivery.timer} of ${to} first` : `${to} comes back first`;
}
