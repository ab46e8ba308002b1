/**
 * Judges all deaths of a campaign. The victim stays down for a while (shared-downtime.ts). Then it restarts with each disk that its death may have left,
 * and each run is judged to its end (judge-recoveries.ts). If an equal state was judged before, its outcome is used. Worlds that differ only in their
 * monitor sets are run once (docs/decisions/0014).
 */

import { pointText, type World } from '../../actors/scheduler/index.ts';
import type { Effect } from '../../core/effects.ts';
import type { Phase, PointName } from '../../core/events.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { grouped, isSameState, type MergeKey, MergeKeys, MergeMap } from '../merge-keys.ts';
import { type MonitorSet, monitorSetOf, SharedMonitors } from '../monitor-sets.ts';
import { type Bounds, type DeadVictim, deathVariantsAt } from './death-variants.ts';
import type { Judgement } from './judge-outcomes.ts';
import { RecoveryJudge } from './judge-recoveries.ts';
import { type Judged, mergeOutcomes } from './merge-outcomes.ts';
import type { CellFailure, CrashpointsPlan, Death } from './plan.ts';
import { type Down, SharedDowntimes } from './shared-downtime.ts';

/** A death, and the restart of the victim that follows it. */
interface Return {
  readonly deadVictim: DeadVictim;
  readonly death: Death;
  /** Key: returns with equal keys have the same world, the same disk and the same monitor set. */
  readonly key: MergeKey;
}

/** A restart: one world with one disk, to which several deaths lead. */
interface Arrival {
  readonly down: Down;
  readonly disk: SimulatedDisk;
  /** Whether a loss of power has dropped unsynced writes, so that the disks of other deaths may hold more or less. */
  readonly isTorn: boolean;
  readonly monitorSets: MonitorSet[];
  readonly first: Death;
  /** Key of the world and the victim, without its disk and without the monitor sets. */
  readonly others: MergeKey;
  /** Key of the world, the victim and its disk. */
  readonly start: MergeKey;
}

/** A crash point that is not judged yet, and the callback for its outcome. */
interface Waiting {
  readonly variants: readonly { readonly deadVictim: DeadVictim; readonly isNew: boolean }[];
  readonly done: (judged: Judged) => void;
}

/** What is known about one plan so far. First and second deaths share it. */
class Known {
  readonly keys: MergeKeys;
  readonly bounds: Bounds = { rules: new Set(), isComplete: true };
  readonly starts: RecoveryJudge;
  /** The outcome of each death variant, by its key; undefined while it waits. Neighbouring points often leave the same world and disk. */
  readonly variants: MergeMap<Judged | undefined> = new MergeMap();
  /** The outcome of each restart, by its key. */
  readonly judgements: MergeMap<Judgement> = new MergeMap();
  /** The recoveries in which second deaths were tried already, by the state to which the recovery leads. */
  readonly recoveries: MergeMap<true> = new MergeMap();

  constructor(plan: CrashpointsPlan) {
    this.keys = new MergeKeys(plan.merges);
    this.starts = new RecoveryJudge(plan, this.keys);
  }
}

/** How many crash points wait to be judged together. More points share more work, but each keeps its disk in memory. */
const waitingMax = 512;

export class DeathJudge {
  readonly #plan: CrashpointsPlan;
  /** How many more deaths may follow during the recovery. */
  readonly #depth: number;
  readonly #known: Known;
  readonly #downtimes: SharedDowntimes;
  readonly #waiting: Waiting[] = [];

  constructor(plan: CrashpointsPlan, depth: number = plan.nested ? 1 : 0, known: Known = new Known(plan)) {
    this.#plan = plan;
    this.#depth = depth;
    this.#known = known;
    const { merge, restartMs, nestedRestartMs, nested } = plan;
    const isSecond = nested && depth === 0;
    // A second death belongs to one recovery, with one monitor set.
    const options = {
      restartMs: isSecond ? nestedRestartMs : restartMs,
      isShared: merge && depth === 0,
    };
    this.#downtimes = new SharedDowntimes(options, known.keys, (downs) => this.#comeBack(downs));
  }

  /** How the number of disk images was limited. */
  get bounds(): Bounds {
    return this.#known.bounds;
  }

  /** How often two states with equal keys were compared; undefined unless merges are verified. */
  get verifiedMerges(): number | undefined {
    return this.#known.keys.verified;
  }

  /** Keys of the distinct states after recovery. */
  get states(): readonly string[] {
    return this.#known.starts.states;
  }

  /**
   * Adds all deaths at one point. `done` is called with the outcome of the point, in the order of the points and at the latest in `settle`. It is not
   * called for a point without deaths.
   */
  add(world: World, point: PointName, phase: Phase, effect: Effect, done: (judged: Judged) => void): void {
    const { bounds, variants } = this.#known;
    const deadVictim = deathVariantsAt(this.#plan, world, point, phase, effect, bounds).map(({ prepare, deaths }) => {
      const base = world.fork();
      prepare?.(base);
      base.die(point.node, 'kill');
      const variant = this.#deadVictim(base, point.node, this.#plan.progress(world, point.node), deaths);
      const isNew = !variants.has(variant.key);
      if (isNew) {
        variants.set(variant.key, undefined);
        this.#downtimes.add({ deadVictim: variant, world: base });
      }
      return { deadVictim: variant, isNew };
    });
    if (deadVictim.length === 0) return;
    this.#waiting.push({ variants: deadVictim, done });
    if (this.#waiting.length >= waitingMax) this.settle();
  }

  /** Restarts all dead victims, and reports the outcomes of all waiting points. */
  settle(): void {
    this.#downtimes.settle();
    for (const { variants, done } of this.#waiting.splice(0)) {
      const parts = variants.map(({ deadVictim, isNew }): Judged => {
        const judged = this.#known.variants.get(deadVictim.key) as Judged;
        // Second deaths are counted only once, for the first variant with this key.
        return isNew ? judged : { ...judged, images: deadVictim.deaths.length };
      });
      done(mergeOutcomes(parts));
    }
  }

  #deadVictim(base: World, victim: string, height: number, deaths: DeadVictim['deaths']): DeadVictim {
    const { merge } = this.#plan;
    const { keys } = this.#known;
    const monitorSet = monitorSetOf(keys, base);
    if (!merge) {
      const unique = keys.unique();
      return { victim, height, deaths, monitorSet, downtimeKey: unique, key: unique };
    }
    const present = base.present({ nodes: [victim], files: 'all', monitors: 'all' });
    const others = keys.of({ victim, height, depth: this.#depth, present });
    const whole = keys.of({ others, disk: base.disk(victim).present(), monitors: monitorSet.key });
    const key = keys.of({ whole, images: deaths.map(({ death }) => death.image) });
    return { victim, height, deaths, monitorSet, downtimeKey: this.#depth === 0 ? others : whole, key };
  }

  /** Restarts victims in one world. The loss of power takes effect now, at the end of the downtime; each distinct disk is started once. */
  #comeBack(downs: readonly Down[]): void {
    const { merge } = this.#plan;
    const { keys } = this.#known;
    const [{ world, deadVictim, monitorSet, isLeftAlone }] = downs as readonly [Down];
    const { victim } = deadVictim;
    // If a fault of the scenario has started the victim or touched its disk, each death has its own future.
    const apart = !isLeftAlone || !merge ? keys.unique() : this.#depth === 0 ? undefined : monitorSet.key;
    const present = world.present({ nodes: [victim], files: 'all', monitors: 'all' });
    const returns: Return[] = [];
    const arrivals = new MergeMap<Arrival>();
    for (const down of downs) {
      for (const { death, image } of down.deadVictim.deaths) {
        const disk = down.disk.fork();
        const isTorn = image !== undefined && !world.isUp(victim);
        // If the victim has already restarted, it has read its disk, and an image can no longer be chosen.
        if (isTorn) disk.powerLoss(image);
        const others = keys.of({ victim, height: down.deadVictim.height, depth: this.#depth, apart, present });
        const start = merge ? keys.of({ others, disk: disk.present() }) : keys.unique();
        const key = keys.of({ start, monitors: down.monitorSet.key });
        returns.push({ deadVictim: down.deadVictim, death, key });
        if (this.#known.judgements.has(key)) continue;
        const arrival = arrivals.get(start);
        if (arrival === undefined)
          arrivals.set(start, { down, disk, isTorn, monitorSets: [down.monitorSet], first: death, others, start });
        else if (!arrival.monitorSets.some((other) => isSameState(other.key, down.monitorSet.key)))
          arrival.monitorSets.push(down.monitorSet);
      }
    }
    const afterSecond = new MergeMap<readonly Judged[]>();
    for (const arrival of arrivals.values()) this.#start(arrival, afterSecond);
    this.#put(returns, afterSecond);
  }

  /** Judges one restart for all its monitor sets. The outcomes of second deaths go into `afterSecond`. */
  #start({ down, disk, isTorn, monitorSets, first, others, start }: Arrival, afterSecond: MergeMap<readonly Judged[]>): void {
    const { victim, height } = down.deadVictim;
    const isUp = down.world.isUp(victim);
    const recovering = this.#depth > 0 ? disk.fork() : undefined;
    const torn = isTorn ? unsyncedFiles(down.disk) : new Set<string>();
    const { keys, starts, judgements, recoveries } = this.#known;
    const watchedBy = (place: number): MergeKey => keys.of({ start, monitors: (monitorSets[place] as MonitorSet).key });
    const came = { down: down.world, victim, disk: isUp ? undefined : disk, monitorSets, height, torn, others };
    const judged = starts.judge(came);
    for (const [place, judgement] of judged.entries()) judgements.set(watchedBy(place), judgement);
    const [{ key }] = judged as readonly [Judgement];
    // Second deaths are tried in one of all recoveries that lead to the same state.
    if (recovering === undefined || recoveries.has(key)) return;
    recoveries.set(key, true);
    const world = down.world.fork(new SharedMonitors(keys, monitorSets).memories);
    if (!isUp) world.start(victim, recovering);
    afterSecond.set(watchedBy(0), this.#secondDeaths(world, victim, first));
  }

  /** Judges every death during the recovery that has just begun. */
  #secondDeaths(recovering: World, victim: string, first: Death): readonly Judged[] {
    const { hasRecovered, limitMs } = this.#plan;
    const found: Judged[] = [];
    const judge = new DeathJudge(this.#plan, this.#depth - 1, this.#known);
    recovering.onPoint = (point, phase, effect, at) => {
      if (point.node !== victim || hasRecovered(at, victim)) return;
      const name = pointText(point, phase);
      judge.add(at, point, phase, effect, (judged) => {
        const failures = judged.failures.map((failure): CellFailure => {
          const second = `${name}/${failure.death.image}`;
          return { ...failure, death: { ...first, second } };
        });
        found.push({ ...judged, failures });
      });
    };
    recovering.run({ until: (now) => hasRecovered(now, victim), time: recovering.now + limitMs * 1000 });
    judge.settle();
    return found;
  }

  /** Stores the outcome of each death variant. Outcomes of second deaths are added to the first variant that led to their recovery. */
  #put(returns: readonly Return[], afterSecond: MergeMap<readonly Judged[]>): void {
    for (const group of grouped(returns, ({ deadVictim }) => deadVictim.key)) {
      const parts = group.flatMap(({ death, key }): readonly Judged[] => {
        const { outcome } = this.#known.judgements.get(key) as Judgement;
        const failures = outcome.failures.map((failure) => ({ ...failure, death }));
        const second = afterSecond.get(key) ?? [];
        afterSecond.set(key, []);
        return [{ images: 1, verdict: outcome.verdict, failures }, ...second];
      });
      this.#known.variants.set((group[0] as Return).deadVictim.key, mergeOutcomes(parts));
    }
  }
}

/** The files with writes that were not synced. */
function unsyncedFiles(disk: SimulatedDisk): ReadonlySet<string> {
  return new Set(disk.pending().flatMap((pending) => (pending.type === 'write' ? [pending.file] : [])));
}
