/**
 * Crash points: one run is walked once; at every crash point of the victims it is forked, the victim dies there in each way that
 * leaves a distinct disk, comes back, and the run is judged to its end.
 *
 * States are merged after recovery: two deaths that lead to the same world, relative to now, have the same future. With `nested` a second
 * death follows at every crash point of each distinct recovery. Leaves out: what the properties say (they come with the world).
 */
import { mix } from '../actors/digest.ts';
import type { Effect } from '../actors/effects.ts';
import type { CrashImage, DeathKind, Phase, PointName, VerdictName } from '../actors/record.ts';
import { type PointHook, pointText, type World } from '../actors/scheduler/index.ts';
import { crashImages, formatImage, type SimulatedDisk } from '../wal/storage/index.ts';

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
  /** A part of the points, where several workers share a walk: of one victim those with these numbers, which count from 1. */
  readonly part?: WalkPart;
  /** Whether a node has recovered, or stopped for good. */
  readonly hasRecovered: (world: World, node: string) => boolean;
  /** Whether a run has gone on long enough behind a death of the victim when it worked at `height`. */
  readonly hasEnded: (world: World, victim: string, height: number) => boolean;
  /** Milliseconds of virtual time after a death at which a run is given up as undecided. */
  readonly limitMs: number;
}

/** Neighbours lead to the same states, and two victims never do. */
export interface WalkPart {
  readonly victim: string;
  readonly from: number;
  readonly to: number;
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
  /** What came of each fall, by the world that it left: neighbouring points often differ in nothing that outlives the victim. */
  readonly falls: Map<string, Judged>;
  /** The newest one: neighbouring points share it. */
  down: Down | undefined;
  /** What came of each start, by the world in which the victim comes back: the same world has the same future. */
  readonly starts: Map<number, Judgement>;
  /** What came of each boot, by the world in which it has read its files, without the bytes that it will not look at again. */
  readonly boots: Map<number, Judgement>;
  /** Recoveries that second deaths were tried in already, by the state they led to. */
  readonly recoveries: Set<string | number>;
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
    falls: new Map(),
    down: undefined,
    starts: new Map(),
    boots: new Map(),
    recoveries: new Set(),
  };
  let seen = 0;
  walk(plan, world, (point, phase, effect, at) => {
    seen += 1;
    const { part } = plan;
    if (part !== undefined && (point.node !== part.victim || seen < part.from || seen > part.to)) return;
    const judged = judgePoint(plan, at, point, phase, effect, tally, plan.nested ? 1 : 0);
    if (judged === undefined) return;
    const cell = { order: seen, point, phase, ...judged };
    cells.push(cell);
    if (onCell?.(cell) === 'stop') world.onPoint = undefined;
  });
  const last = plan.heights[1];
  const isComplete = tally.isComplete && plan.victims.every((victim) => plan.progress(world, victim) > last);
  return { cells, images: tally.images, states: [...tally.outcomes.keys()], rules: [...tally.rules], isComplete };
}

/** Names the points, and kills nobody. */
export function listCrashpoints(plan: CrashpointsPlan): readonly NamedPoint[] {
  const points: NamedPoint[] = [];
  walk(plan, plan.start(), (point, phase) => {
    points.push({ point, phase });
  });
  return points;
}

export interface NamedPoint {
  readonly point: PointName;
  readonly phase: Phase;
}

/** The run without the enumerated deaths, up to the last height. */
function walk(plan: CrashpointsPlan, world: World, onPoint: PointHook): void {
  const last = plan.heights[1];
  world.onPoint = (point, phase, effect, at) => {
    if (isWanted(plan, point, at)) onPoint(point, phase, effect, at);
  };
  world.run({
    until: (now) => now.onPoint === undefined || plan.victims.every((victim) => plan.progress(now, victim) > last),
    time: world.now + plan.limitMs * 1000,
  });
}

function isWanted({ victims, sites, heights, progress }: CrashpointsPlan, { node, site }: PointName, world: World): boolean {
  if (!victims.includes(node)) return false;
  const height = progress(world, node);
  return height >= heights[0] && height <= heights[1] && (sites === undefined || sites.includes(site));
}

type Judged = Omit<Cell, 'order' | 'point' | 'phase'>;

/** A world in which the victim has just died, and the deaths that may have left it: they differ in what its disk holds. */
interface Fall {
  /** What else happened in the instant of death. */
  readonly prepare?: (fork: World) => void;
  readonly deaths: readonly { readonly death: Death; readonly image: CrashImage | undefined }[];
}

/** The world in which the victim has died and is about to come back. */
interface Down {
  /** A fingerprint of the world at the moment of death. */
  readonly fallen: number;
  readonly world: World;
  /** A fingerprint of the world without the victim's disk. */
  readonly others: number;
}

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
  const falls = fallsAt(plan, world, point, phase, effect, tally);
  const judged = joined(falls.map((fall) => judgeFall(plan, world, point.node, fall, tally, depth)));
  if (judged.images === 0) return undefined;
  if (depth === (plan.nested ? 1 : 0)) tally.images += judged.images;
  return judged;
}

function judgeFall(plan: CrashpointsPlan, world: World, victim: string, fall: Fall, tally: Tally, depth: number): Judged {
  const height = plan.progress(world, victim);
  const base = world.fork();
  fall.prepare?.(base);
  base.die(victim, 'kill');
  const fallen = base.digest();
  const key = `${fallen} ${height} ${depth} ${fall.deaths[0]?.death.image} ${fall.deaths.length}`;
  const known = plan.merge ? tally.falls.get(key) : undefined;
  if (known !== undefined) return { ...known, images: fall.deaths.length };
  // While it is down nobody can see its disk, so all its deaths share this part of the run, and the power fails at the end of it.
  if (!plan.merge || tally.down?.fallen !== fallen) {
    base.run({ time: base.now + plan.restartMs * 1000 });
    tally.down = { fallen, world: base, others: base.digest({ node: victim, files: 'all' }) };
  }
  const { down } = tally;
  const judged = joined(
    fall.deaths.map(({ death, image }) => judgeDeath(plan, down, victim, height, death, image, tally, depth)),
  );
  tally.falls.set(key, judged);
  return judged;
}

function judgeDeath(
  plan: CrashpointsPlan,
  down: Down,
  victim: string,
  height: number,
  death: Death,
  image: CrashImage | undefined,
  tally: Tally,
  depth: number,
): Judged {
  const fork = down.world.fork();
  // A fault of the scenario may have brought it back already: then its disk was read, and no image of it is left to choose.
  const isUp = fork.isUp(victim);
  const torn = isUp || image === undefined ? new Set<string>() : unsyncedFiles(fork.disk(victim));
  if (!isUp && image !== undefined) fork.disk(victim).powerLoss(image);
  const start = mix(down.others, fork.disk(victim).digest());
  let known = plan.merge ? tally.starts.get(start) : undefined;
  const recovering = depth > 0 && known === undefined ? fork.fork() : undefined;
  if (known === undefined) {
    if (!isUp) fork.start(victim);
    known = judge(plan, fork, victim, height, torn, tally);
    tally.starts.set(start, known);
  }
  const { outcome, key } = known;
  const { verdict } = outcome;
  const first = { images: 1, verdict, failures: outcome.failures.map((failure) => ({ ...failure, death })) };
  // Second deaths are tried in one recovery of each kind: those that lead to the same state pass through the same steps.
  if (recovering === undefined || tally.recoveries.has(key)) return first;
  if (!isUp) recovering.start(victim);
  tally.recoveries.add(key);
  const second = dieAgain(plan, recovering, victim, tally, depth);
  const later = second.outcomes.map(({ at, outcome: { verdict, failures } }) => ({
    images: 0,
    verdict,
    failures: failures.map((failure) => ({ ...failure, death: { ...death, second: at } })),
  }));
  return joined([first, { images: second.images, verdict: 'held', failures: [] }, ...later]);
}

/** Of each property the first failure; the gravest verdict. */
function joined(parts: readonly Judged[]): Judged {
  const failures: CellFailure[] = [];
  for (const failure of parts.flatMap((part) => part.failures))
    if (!failures.some(({ property }) => property === failure.property)) failures.push(failure);
  const verdicts = new Set(parts.map(({ verdict }) => verdict));
  return {
    images: parts.reduce((sum, { images }) => sum + images, 0),
    verdict: verdicts.has('violated') ? 'violated' : verdicts.has('undecided') ? 'undecided' : 'held',
    failures,
  };
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

function fallsAt(
  plan: CrashpointsPlan,
  world: World,
  point: PointName,
  phase: Phase,
  effect: Effect,
  tally: Tally,
): readonly Fall[] {
  if (phase !== 'torn') {
    const deaths: Fall['deaths'][number][] = [];
    if (plan.deaths.includes('kill')) deaths.push({ death: { kind: 'kill', image: 'kill' }, image: undefined });
    if (plan.deaths.includes('power')) {
      deaths.push({ death: { kind: 'power', image: 'none' }, image: 'none' });
      if (world.disk(point.node).pending().length > 0) deaths.push({ death: { kind: 'power', image: 'all' }, image: 'all' });
    }
    return [{ deaths }];
  }
  if (effect.type === 'transmit') return hearings(effect.to).map((heard) => tornPublish(plan, point, effect, heard));
  if (effect.type === 'disk' && plan.deaths.includes('power')) return tornDisk(plan, world, point, tally);
  return [];
}

/** Part of what was pending survives: every byte cut and every subset of sectors within the bound. */
function tornDisk(plan: CrashpointsPlan, world: World, point: PointName, tally: Tally): readonly Fall[] {
  const { images, rule, complete } = crashImages(world.disk(point.node), { pending: plan.pending });
  tally.rules.add(rule);
  if (!complete) tally.isComplete = false;
  const torn = images.filter((image) => image !== 'none' && image !== 'all');
  if (torn.length === 0) return [];
  return [{ deaths: torn.map((image) => ({ death: { kind: 'power', image: formatImage(image) }, image })) }];
}

/** Some of the recipients hear it: all proper subsets of up to four, beyond that prefixes and single ones. */
function tornPublish(
  plan: CrashpointsPlan,
  point: PointName,
  effect: Effect & { readonly type: 'transmit' },
  heard: readonly string[],
): Fall {
  const image = `heard=${heard.join('')}`;
  const deaths: Fall['deaths'][number][] = [];
  if (plan.deaths.includes('kill')) deaths.push({ death: { kind: 'kill', image }, image: undefined });
  if (plan.deaths.includes('power')) deaths.push({ death: { kind: 'power', image: `${image}+power` }, image: 'none' });
  return { prepare: (fork) => fork.transmitTorn(point.node, effect, heard), deaths };
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

function unsyncedFiles(disk: SimulatedDisk): ReadonlySet<string> {
  return new Set(disk.pending().flatMap((pending) => (pending.type === 'write' ? [pending.file] : [])));
}

/**
 * From the start of the victim on. `torn`: the files in which crash images of one death differ.
 *
 * Most images differ only in how much of a torn tail there is. Two worlds that are equal but for the bytes of some files have one future as
 * long as nobody looks at those bytes, and are equal altogether once the files are gone. So the first such boot is watched: where it
 * touched none of the files on its way to a state in which they are gone, what came of it holds for the others too.
 */
function judge(
  plan: CrashpointsPlan,
  fork: World,
  victim: string,
  height: number,
  torn: ReadonlySet<string>,
  tally: Tally,
): Judgement {
  const deadline = fork.now + plan.limitMs * 1000;
  const hasRecovered = (now: World): boolean => plan.hasRecovered(now, victim);
  if (!plan.merge || torn.size === 0) return judgeBoot(plan, fork, victim, height, deadline, tally);
  const disk = fork.disk(victim);
  fork.run({ until: (now) => disk.pending().length > 0 || hasRecovered(now), time: deadline });
  const hasRead = fork.digest({ node: victim, files: torn });
  const known = tally.boots.get(hasRead);
  if (known !== undefined) return known;
  const watch = disk.watch(torn);
  fork.run({ until: hasRecovered, time: deadline });
  const isBlind = !watch.isTouched && fork.disk(victim) === disk && disk.hasForgotten(torn);
  const judged = judgeBoot(plan, fork, victim, height, deadline, tally);
  if (isBlind) tally.boots.set(hasRead, judged);
  return judged;
}

function judgeBoot(
  plan: CrashpointsPlan,
  fork: World,
  victim: string,
  height: number,
  deadline: number,
  tally: Tally,
): Judgement {
  fork.run({ until: (now) => plan.hasRecovered(now, victim), time: deadline });
  const { victim: of, from } = plan.part ?? { victim, from: 1 };
  const key = plan.merge ? fork.digest() : `${of} ${from} ${tally.outcomes.size}`;
  const known = tally.outcomes.get(key);
  if (known !== undefined) return { outcome: known, key };
  const end = fork.run({ until: (now) => plan.hasEnded(now, victim, height), time: deadline });
  const outcome = verdictOf(plan, fork, end === 'reached');
  tally.outcomes.set(key, outcome);
  return { outcome, key };
}

function verdictOf({ properties }: CrashpointsPlan, world: World, hasEnded: boolean): Outcome {
  const failures = world.monitors.flatMap((monitor, index) => {
    const { verdict, violations } = monitor.finish(world.witness);
    if (verdict !== 'violated') return [];
    return [{ property: properties[index] ?? '', message: violations[0]?.message ?? '' }];
  });
  return { verdict: failures.length > 0 ? 'violated' : hasEnded ? 'held' : 'undecided', failures };
}
