/**
 * What comes of deaths: the victim stays down for a while, comes back with each disk that the death may have left, and the run is judged to
 * its end (judge-starts.ts). Whatever leads to a world that is known has the outcome that is known, and worlds that are equal but for what
 * their monitors remember are run once (docs/decisions/0014).
 */
import { fingerprint } from '../actors/digest.ts';
import type { Effect } from '../actors/effects.ts';
import type { Phase, PointName } from '../actors/record.ts';
import { pointText, type World } from '../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../wal/storage/index.ts';
import type { CellFailure, CrashpointsPlan, Death } from './crashpoints-plan.ts';
import { type Bounds, type Fallen, fallsAt } from './falls.ts';
import { type Judgement, StartJudge } from './judge-starts.ts';
import { distinct, type Past, pastsOf, watching } from './pasts.ts';
import { type Judged, joined, Waiting } from './waiting.ts';

/** The world in which a victim is about to come back, and what its disk holds if nothing is lost. */
interface Down {
  readonly fallen: Fallen;
  readonly world: World;
  readonly past: Past;
  readonly disk: SimulatedDisk;
  /** A fingerprint of victim and world, without its disk and what monitors remember. */
  readonly present: string;
}

/** One death's way back. */
interface Return {
  readonly fallen: Fallen;
  readonly death: Death;
  /** The start that it leads to, and its past. */
  readonly key: string;
}

/** The same disk in the same world, reached from several deaths. */
interface Arrival {
  readonly disk: SimulatedDisk;
  readonly torn: ReadonlySet<string>;
  readonly pasts: Past[];
  readonly first: Death;
}

/** Milliseconds after which what was on its way to a victim has come and gone: more falls are equal by then. */
const settlingMs = 50;

export class DeathJudge {
  readonly #plan: CrashpointsPlan;
  readonly bounds: Bounds = { rules: new Set(), isComplete: true };
  readonly #starts: StartJudge;
  /** What came of each fall: neighbouring points often differ in nothing that outlives the victim. */
  readonly #falls = new Map<string, Judged>();
  /** What came of each start, by the world in which the victim comes back: the same world has the same future. */
  readonly #judgements = new Map<string, Judgement>();
  /** Recoveries that second deaths were tried in already, by the state they led to. */
  readonly #recoveries = new Set<string>();
  /** Without merging nothing is the same as anything: numbers keep all apart. */
  #count = 0;

  constructor(plan: CrashpointsPlan) {
    this.#plan = plan;
    this.#starts = new StartJudge(plan);
  }

  /** Fingerprints of the distinct states after recovery. */
  get states(): readonly string[] {
    return this.#starts.states;
  }

  /** Lets the victim die in all ways that there are at one point. */
  fell(world: World, point: PointName, phase: Phase, effect: Effect): readonly Fallen[] {
    return this.#fallenAt(world, point, phase, effect, this.#plan.nested ? 1 : 0, this.#plan.restartMs);
  }

  #fallenAt(world: World, point: PointName, phase: Phase, effect: Effect, depth: number, restartMs: number): readonly Fallen[] {
    const { merge, progress, properties } = this.#plan;
    const victim = point.node;
    const height = progress(world, victim);
    return fallsAt(this.#plan, world, point, phase, effect, this.bounds).map(({ prepare, deaths }): Fallen => {
      const base = world.fork();
      prepare?.(base);
      base.die(victim, 'kill');
      const [past] = pastsOf(base, properties.length) as readonly [Past];
      const others = `${victim} ${height} ${depth} ${restartMs} ${base.digest({ node: victim, files: 'all', monitors: 'all' })}`;
      const whole = `${others}${fingerprint(base.disk(victim).digests())}${past.key}`;
      // Each second death belongs to one recovery, of one past.
      const fate = depth === 0 ? others : whole;
      const key = `${whole} ${deaths[0]?.death.image} ${deaths.length}`;
      if (!merge)
        return { victim, height, depth, restartMs, world: base, deaths, past, fate: this.#unique(), key: this.#unique() };
      return { victim, height, depth, restartMs, world: base, deaths, past, fate, key };
    });
  }

  /** What came of each, in their order. */
  judge(fallen: readonly Fallen[]): readonly Judged[] {
    const news = new Set(distinct(fallen.filter(({ key }) => !this.#falls.has(key))));
    const downs = this.#downs([...news]);
    for (const group of grouped(downs, moment)) this.#comeBack(group);
    return fallen.map((fall) => {
      const judged = this.#falls.get(fall.key) as Judged;
      // The second deaths behind it were tried once.
      return news.has(fall) ? judged : { ...judged, images: fall.deaths.length };
    });
  }

  /** The time that the victims are down, once for falls that share their future. */
  #downs(fallen: readonly Fallen[]): readonly Down[] {
    const [{ restartMs } = { restartMs: 0 }] = fallen;
    const first = Math.min(settlingMs, restartMs);
    const settled = this.#stay(fallen.map(justDown), 0, first);
    return this.#stay(settled, first, restartMs);
  }

  /** A part of that time: milliseconds since the death. */
  #stay(downs: readonly Down[], from: number, to: number): readonly Down[] {
    const { merge, properties } = this.#plan;
    return grouped(downs, moment).flatMap((group) => {
      const [{ fallen, world: start }] = group as readonly [Down];
      const { victim, height, depth } = fallen;
      const pasts = distinct(group.map(({ past }) => past));
      const world = start.fork(watching(pasts));
      world.run({ time: world.now + (to - from) * 1000 });
      // A fault of the scenario may have brought it back or damaged its disk: then each fall has a future of its own.
      const isLeftAlone = world.life(victim) === start.life(victim) && !world.isDiskSeen(victim);
      if (!isLeftAlone && group.length > 1) return group.flatMap((down) => this.#stay([justDown(down.fallen)], 0, to));
      const after = pastsOf(world, properties.length);
      const apart = !isLeftAlone || !merge ? this.#unique() : depth === 0 ? '' : after[0]?.key;
      const present = `${victim} ${height} ${depth} ${apart}${world.digest({ node: victim, files: 'all', monitors: 'all' })}`;
      return group.map(({ fallen: own, past, disk }): Down => {
        const place = pasts.findIndex(({ key }) => key === past.key);
        return { fallen: own, world, past: after[place] as Past, disk: isLeftAlone ? disk : world.disk(victim), present };
      });
    });
  }

  /** All ways back into one world: the power fails at the end of the time down, and each disk that it leaves is started once. */
  #comeBack(downs: readonly Down[]): void {
    const { merge } = this.#plan;
    const [
      {
        world,
        fallen: { victim },
      },
    ] = downs as readonly [Down];
    // Then its disk was read, and no image of it is left to choose.
    const isUp = world.isUp(victim);
    const returns: Return[] = [];
    const arrivals = new Map<string, Arrival>();
    for (const { fallen, past, disk: whole, present } of downs) {
      const torn = unsyncedFiles(whole);
      for (const { death, image } of fallen.deaths) {
        const disk = whole.fork();
        if (!isUp && image !== undefined) disk.powerLoss(image);
        const start = merge ? `${present}${fingerprint(disk.digests())}` : this.#unique();
        const key = `${start}${past.key}`;
        returns.push({ fallen, death, key });
        if (this.#judgements.has(key)) continue;
        const arrival = arrivals.get(start);
        if (arrival === undefined)
          arrivals.set(start, { disk, torn: isUp || image === undefined ? new Set() : torn, pasts: [past], first: death });
        else if (!arrival.pasts.some((other) => other.key === past.key)) arrival.pasts.push(past);
      }
    }
    const behind = new Map<string, readonly Judged[]>();
    for (const [start, arrival] of arrivals) this.#start(start, arrival, downs[0] as Down, behind);
    this.#put(returns, behind);
  }

  #start(start: string, { disk, torn, pasts, first }: Arrival, down: Down, behind: Map<string, readonly Judged[]>): void {
    const { victim, height, depth } = down.fallen;
    const isUp = down.world.isUp(victim);
    const world = down.world.fork(watching(pasts));
    if (!isUp) world.replaceDisk(victim, disk);
    const recovering = depth > 0 ? world.fork() : undefined;
    if (!isUp) world.start(victim);
    const judged = this.#starts.judge({ world, victim, height, torn });
    for (const [place, judgement] of judged.entries()) this.#judgements.set(`${start}${(pasts[place] as Past).key}`, judgement);
    const [{ key }] = judged as readonly [Judgement];
    // Second deaths are tried in one recovery of each kind: those that lead to the same state pass through the same steps.
    if (recovering === undefined || this.#recoveries.has(key)) return;
    this.#recoveries.add(key);
    if (!isUp) recovering.start(victim);
    behind.set(`${start}${(pasts[0] as Past).key}`, this.#secondDeaths(recovering, victim, first, depth - 1));
  }

  /** Every death during the recovery that has just begun. */
  #secondDeaths(recovering: World, victim: string, first: Death, depth: number): readonly Judged[] {
    const { hasRecovered, nestedRestartMs, limitMs } = this.#plan;
    const found: Judged[] = [];
    const waiting = new Waiting((fallen) => this.judge(fallen));
    recovering.onPoint = (point, phase, effect, at) => {
      if (point.node !== victim || hasRecovered(at, victim)) return;
      const name = pointText(point, phase);
      waiting.add(this.#fallenAt(at, point, phase, effect, depth, nestedRestartMs), ({ images, verdict, failures }) => {
        const behind = failures.map((failure): CellFailure => {
          const second = `${name}/${failure.death.image}`;
          return { ...failure, death: { ...first, second } };
        });
        found.push({ images, verdict, failures: behind });
      });
    };
    recovering.run({ until: (now) => hasRecovered(now, victim), time: recovering.now + limitMs * 1000 });
    waiting.settle();
    return found;
  }

  /** Of each fall what came of its deaths, and of the second deaths behind the first that led to a recovery. */
  #put(returns: readonly Return[], behind: Map<string, readonly Judged[]>): void {
    for (const group of grouped(returns, ({ fallen }) => fallen.key)) {
      const parts = group.flatMap(({ death, key }): readonly Judged[] => {
        const { outcome } = this.#judgements.get(key) as Judgement;
        const failures = outcome.failures.map((failure) => ({ ...failure, death }));
        const second = behind.get(key) ?? [];
        behind.delete(key);
        return [{ images: 1, verdict: outcome.verdict, failures }, ...second];
      });
      this.#falls.set((group[0] as Return).fallen.key, joined(parts));
    }
  }

  #unique(): string {
    this.#count += 1;
    return `#${this.#count} `;
  }
}

/** Worlds are equal relative to now, and monitors remember times: one world is watched by those of its own time only. */
function moment({ world, present }: Down): string {
  return `${world.now} ${present}`;
}

function justDown(fallen: Fallen): Down {
  const { world, victim, past, fate } = fallen;
  return { fallen, world, past, disk: world.disk(victim), present: fate };
}

/** In the order in which their keys came first. */
function grouped<Item>(all: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of all) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function unsyncedFiles(disk: SimulatedDisk): ReadonlySet<string> {
  return new Set(disk.pending().flatMap((pending) => (pending.type === 'write' ? [pending.file] : [])));
}
