/**
 * Crash points: one run is walked once; at every crash point of the victims it is forked, the victim dies there in each way that
 * leaves a distinct disk, comes back, and the run is judged to its end.
 *
 * States are merged after recovery: two deaths that lead to the same world, relative to now, have the same future. With `nested` a second
 * death follows at every crash point of each distinct recovery. Leaves out: what the properties say (they come with the world).
 */
import type { Effect } from '../actors/effects.ts';
import type { CrashImage, DeathKind, Phase, PointName, VerdictName } from '../actors/record.ts';
import { pointText, type World } from '../actors/scheduler/index.ts';
import { crashImages, formatImage } from '../wal/storage/index.ts';

export interface CrashpointsPlan {
  /** The run without the enumerated deaths, at its start, judged by monitors in the order of `properties`. */
  readonly start: () => World;
  readonly properties: readonly string[];
  readonly victims: readonly string[];
  /** Sites to look at; left out: all. */
  readonly sites?: readonly string[];
  /** What a node works at: its height, or the next entry of its log. */
  readonly progress: (world: World, node: string) => number;
  /** Of that, first and last. */
  readonly heights: readonly [number, number];
  readonly deaths: readonly DeathKind[];
  /** Milliseconds a victim stays down. */
  readonly restartMs: number;
  /** Pending writes that vary sector by sector, at most. */
  readonly pending: number;
  readonly merge: boolean;
  /** A second death at every crash point of the recovery from the first. */
  readonly nested: boolean;
  /** Milliseconds a victim stays down after its second death. */
  readonly nestedRestartMs: number;
  /** Only the points of the walk with these numbers, from 1: several workers share a walk. Neighbours lead to the same states. */
  readonly range?: { readonly from: number; readonly to: number };
  /** Whether a node has recovered, or stopped for good. */
  readonly hasRecovered: (world: World, node: string) => boolean;
  /** Whether a run has gone on long enough behind a death of the victim when it worked at `height`. */
  readonly hasEnded: (world: World, victim: string, height: number) => boolean;
  /** Milliseconds of virtual time after a death at which a run is given up as undecided. */
  readonly limitMs: number;
}

/** One way to die. `image` is its text: `kill`, `none`, `all`, `cut=137`, `sectors=1101`, `heard=AC`, `heard=AC+power`. */
export interface Death {
  readonly kind: DeathKind;
  readonly image: string;
  /** The second death, during the recovery from this one: its crash point and image. */
  readonly second?: string;
}

export interface CellFailure {
  readonly property: string;
  readonly death: Death;
  readonly message: string;
}

/** A crash point and what came of all deaths at it. */
export interface Cell {
  /** The how many-th point of the walk. */
  readonly order: number;
  readonly point: PointName;
  readonly phase: Phase;
  readonly images: number;
  readonly verdict: VerdictName;
  /** The first death that broke each property. */
  readonly failures: readonly CellFailure[];
}

export interface CrashpointsResult {
  readonly cells: readonly Cell[];
  readonly images: number;
  /** Fingerprints of the distinct states after recovery. */
  readonly states: readonly (string | number)[];
  /** How the images of each disk were bounded, as few words as there were ways. */
  readonly rules: readonly string[];
  readonly isComplete: boolean;
}

interface Outcome {
  readonly verdict: VerdictName;
  readonly failures: readonly { readonly property: string; readonly message: string }[];
}

interface Tally {
  images: number;
  readonly outcomes: Map<string | number, Outcome>;
  readonly rules: Set<string>;
  isComplete: boolean;
  /** Recoveries that second deaths were tried in already, by the state they led to. */
  readonly recoveries: Set<string | number>;
  /** Second deaths by the world in which the victim comes back: the same world has the same future. */
  readonly seconds: Map<number, Judgement>;
}

/** Walks the run and judges every death. `onCell` is told as each point is done; when it answers `stop` the walk ends there. */
export function enumerateCrashpoints(plan: CrashpointsPlan, onCell?: (cell: Cell) => 'stop' | undefined): CrashpointsResult {
  const world = plan.start();
  const cells: Cell[] = [];
  const tally: Tally = {
    images: 0,
    outcomes: new Map(),
    rules: new Set(),
    isComplete: true,
    recoveries: new Set(),
    seconds: new Map(),
  };
  let seen = 0;
  world.onPoint = (point, phase, effect, at) => {
    if (!isWanted(plan, point, at)) return;
    seen += 1;
    if (plan.range !== undefined && (seen < plan.range.from || seen > plan.range.to)) return;
    const judged = judgePoint(plan, at, point, phase, effect, tally, plan.nested ? 1 : 0);
    if (judged === undefined) return;
    const cell = { order: seen, point, phase, ...judged };
    cells.push(cell);
    if (onCell?.(cell) === 'stop') world.onPoint = undefined;
  };
  const last = plan.heights[1];
  world.run({
    until: (now) => now.onPoint === undefined || plan.victims.every((victim) => plan.progress(now, victim) > last),
    time: world.now + plan.limitMs * 1000,
  });
  const isComplete = tally.isComplete && plan.victims.every((victim) => plan.progress(world, victim) > last);
  return { cells, images: tally.images, states: [...tally.outcomes.keys()], rules: [...tally.rules], isComplete };
}

function isWanted({ victims, sites, heights, progress }: CrashpointsPlan, { node, site }: PointName, world: World): boolean {
  if (!victims.includes(node)) return false;
  const height = progress(world, node);
  return height >= heights[0] && height <= heights[1] && (sites === undefined || sites.includes(site));
}

type Judged = Omit<Cell, 'order' | 'point' | 'phase'>;

/** `depth`: how many more deaths may follow during the recovery. */
function judgePoint(
  plan: CrashpointsPlan,
  world: World,
  point: PointName,
  phase: Phase,
  effect: Effect,
  tally: Tally,
  depth: number,
): Judged | undefined {
  const failures: CellFailure[] = [];
  const verdicts = new Set<VerdictName>();
  let images = 0;
  const height = plan.progress(world, point.node);
  const note = (outcome: Outcome, death: Death): void => {
    verdicts.add(outcome.verdict);
    for (const { property, message } of outcome.failures)
      if (!failures.some((known) => known.property === property)) failures.push({ property, death, message });
  };
  const tryDeath: TryDeath = (death, base, image) => {
    images += 1;
    const fork = base.fork();
    // A fault of the scenario may have brought it back already: then its disk was read, and no image of it is left to choose.
    if (!fork.isUp(point.node)) {
      if (image !== undefined) fork.disk(point.node).powerLoss(image);
      fork.start(point.node);
    }
    const recovering = depth > 0 ? fork.fork() : undefined;
    const { outcome, key } =
      plan.nested && depth === 0
        ? judgeOnce(plan, fork, point.node, height, tally)
        : judge(plan, fork, point.node, height, tally);
    note(outcome, death);
    // Second deaths are tried in one recovery of each kind: those that lead to the same state pass through the same steps.
    if (recovering === undefined || tally.recoveries.has(key)) return;
    tally.recoveries.add(key);
    const second = dieAgain(plan, recovering, point.node, tally, depth);
    images += second.images;
    for (const { at, outcome: later } of second.outcomes) note(later, { ...death, second: at });
  };
  if (phase === 'torn') {
    if (effect.type === 'transmit') tearPublish(plan, world, point, effect, tryDeath);
    else if (effect.type === 'disk' && plan.deaths.includes('power')) tearDisk(plan, world, point, tryDeath, tally);
  } else {
    const base = downFor(plan, world, point);
    if (plan.deaths.includes('kill')) tryDeath({ kind: 'kill', image: 'kill' }, base, undefined);
    if (plan.deaths.includes('power')) {
      tryDeath({ kind: 'power', image: 'none' }, base, 'none');
      if (world.disk(point.node).pending().length > 0) tryDeath({ kind: 'power', image: 'all' }, base, 'all');
    }
  }
  if (images === 0) return undefined;
  if (depth === (plan.nested ? 1 : 0)) tally.images += images;
  const verdict = verdicts.has('violated') ? 'violated' : verdicts.has('undecided') ? 'undecided' : 'held';
  return { images, verdict, failures };
}

interface Second {
  readonly images: number;
  readonly outcomes: readonly { readonly at: string; readonly outcome: Outcome }[];
}

/** Every death during the recovery that has just begun. */
function dieAgain(plan: CrashpointsPlan, recovering: World, victim: string, tally: Tally, depth: number): Second {
  const outcomes: { at: string; outcome: Outcome }[] = [];
  let images = 0;
  const walk = recovering;
  walk.onPoint = (point, phase, effect, at) => {
    if (point.node !== victim || plan.hasRecovered(at, victim)) return;
    const judged = judgePoint({ ...plan, restartMs: plan.nestedRestartMs }, at, point, phase, effect, tally, depth - 1);
    if (judged === undefined) return;
    images += judged.images;
    for (const { property, death, message } of judged.failures)
      outcomes.push({
        at: `${pointText(point, phase)}/${death.image}`,
        outcome: { verdict: 'violated', failures: [{ property, message }] },
      });
    if (judged.verdict !== 'violated')
      outcomes.push({ at: pointText(point, phase), outcome: { verdict: judged.verdict, failures: [] } });
  };
  walk.run({ until: (now) => plan.hasRecovered(now, victim), time: walk.now + plan.limitMs * 1000 });
  return { images, outcomes };
}

type TryDeath = (death: Death, base: World, image: CrashImage | undefined) => void;

/**
 * The world in which the victim has died and is about to come back. While it is down nobody can see its disk, so all images of one
 * death share this part of the run, and the power loss is applied to the disk at its end.
 */
function downFor(plan: CrashpointsPlan, world: World, point: PointName, prepare?: (fork: World) => void): World {
  const base = world.fork();
  prepare?.(base);
  base.die(point.node, 'kill');
  base.run({ time: base.now + plan.restartMs * 1000 });
  return base;
}

/** Part of what was pending survives: every byte cut and every subset of sectors within the bound. */
function tearDisk(plan: CrashpointsPlan, world: World, point: PointName, tryDeath: TryDeath, tally: Tally): void {
  const { images, rule, complete } = crashImages(world.disk(point.node), { pending: plan.pending });
  tally.rules.add(rule);
  if (!complete) tally.isComplete = false;
  const torn = images.filter((image) => image !== 'none' && image !== 'all');
  if (torn.length === 0) return;
  const base = downFor(plan, world, point);
  for (const image of torn) tryDeath({ kind: 'power', image: formatImage(image) }, base, image);
}

/** Some of the recipients hear it: all proper subsets of up to four, beyond that prefixes and single ones. */
function tearPublish(
  plan: CrashpointsPlan,
  world: World,
  point: PointName,
  effect: Effect & { readonly type: 'transmit' },
  tryDeath: TryDeath,
): void {
  for (const heard of hearings(effect.to)) {
    const base = downFor(plan, world, point, (fork) => fork.transmitTorn(point.node, effect, heard));
    const image = `heard=${heard.join('')}`;
    if (plan.deaths.includes('kill')) tryDeath({ kind: 'kill', image }, base, undefined);
    if (plan.deaths.includes('power')) tryDeath({ kind: 'power', image: `${image}+power` }, base, 'none');
  }
}

export function hearings(peers: readonly string[]): readonly (readonly string[])[] {
  if (peers.length > 4) {
    const prefixes = peers.slice(1, -1).map((_, index) => peers.slice(0, index + 2));
    return [...peers.map((peer) => [peer]), ...prefixes];
  }
  const subsets: string[][] = [];
  for (let mask = 1; mask < 2 ** peers.length - 1; mask += 1) subsets.push(peers.filter((_, bit) => (mask & (1 << bit)) !== 0));
  return subsets;
}

interface Judgement {
  readonly outcome: Outcome;
  /** The state after recovery. */
  readonly key: string | number;
}

function judge(plan: CrashpointsPlan, fork: World, victim: string, height: number, tally: Tally): Judgement {
  const deadline = fork.now + plan.limitMs * 1000;
  fork.run({ until: (now) => plan.hasRecovered(now, victim), time: deadline });
  const key = plan.merge ? fork.digest() : `alone ${tally.images} ${tally.outcomes.size}`;
  const known = tally.outcomes.get(key);
  if (known !== undefined) return { outcome: known, key };
  const end = fork.run({ until: (now) => plan.hasEnded(now, victim, height), time: deadline });
  const outcome = verdictOf(plan, fork, end === 'reached');
  tally.outcomes.set(key, outcome);
  return { outcome, key };
}

/** Of second deaths most leave a disk that another has left before. */
function judgeOnce(plan: CrashpointsPlan, fork: World, victim: string, height: number, tally: Tally): Judgement {
  if (!plan.merge) return judge(plan, fork, victim, height, tally);
  const start = fork.digest();
  let known = tally.seconds.get(start);
  if (known === undefined) {
    known = judge(plan, fork, victim, height, tally);
    tally.seconds.set(start, known);
  }
  return known;
}

function verdictOf({ properties }: CrashpointsPlan, world: World, hasEnded: boolean): Outcome {
  const failures = world.monitors.flatMap((monitor, index) => {
    const { verdict, violations } = monitor.finish(world.witness);
    if (verdict !== 'violated') return [];
    return [{ property: properties[index] ?? '', message: violations[0]?.message ?? '' }];
  });
  return { verdict: failures.length > 0 ? 'violated' : hasEnded ? 'held' : 'undecided', failures };
}
