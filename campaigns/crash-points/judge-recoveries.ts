/**
 * Starts a victim again and judges the run to its end. States are compared twice: in the boot, and after recovery. Where an equal state was judged
 * before, its outcome is used (docs/decisions/0012).
 */

import type { World } from '../../actors/scheduler/index.ts';
import type { VerdictName } from '../../core/events.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { distinct, type MergeKey, type MergeKeys, MergeMap } from '../merge-keys.ts';
import { type MonitorPlaces, type MonitorSet, monitorSetsOf, SharedMonitors } from '../monitor-sets.ts';
import { eventHash, forkForEventHash } from './event-hash-monitor.ts';
import type { CrashpointsPlan } from './plan.ts';

export interface Outcome {
  readonly verdict: VerdictName;
  readonly failures: readonly { readonly property: string; readonly message: string }[];
}

/** An outcome, and the state after recovery that it belongs to. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly key: MergeKey;
}

/** A victim that comes back. */
export interface Start {
  /** The world in which the victim is down. Each start works on a copy. */
  readonly down: World;
  readonly victim: string;
  /** The disk with which the victim starts; undefined: in `down` the victim has started already. */
  readonly disk: SimulatedDisk | undefined;
  readonly monitorSets: readonly MonitorSet[];
  /** What the victim was working at when it died. */
  readonly height: number;
  /** The files in which crash images of one death differ. */
  readonly torn: ReadonlySet<string>;
  /** Key of world and victim, without its disk and the monitor sets. */
  readonly others: MergeKey;
}

/** The world in which it has been started, and the monitors that watch it. */
interface Begun {
  readonly world: World;
  readonly places: readonly MonitorPlaces[];
}

/** A run that has not ended is looked at each so often, ms: a victim that hangs is then given up before the limit. */
const lookMs = 10_000;

export class RecoveryJudge {
  readonly #plan: CrashpointsPlan;
  readonly #keys: MergeKeys;
  /** By the state after recovery. */
  readonly #outcomes = new MergeMap<Outcome>();
  /** Outcomes of boots that nobody watched reading torn bytes: by the world before the boot, and the world when the files were read, without those bytes. */
  readonly #boots = new MergeMap<Judgement>();

  constructor(plan: CrashpointsPlan, keys: MergeKeys) {
    this.#plan = plan;
    this.#keys = keys;
  }

  /** Keys of the distinct states after recovery. */
  get states(): readonly string[] {
    return this.#outcomes.texts();
  }

  /**
   * One judgement for each monitor set.
   *
   * Most images differ only in how much of a torn tail there is. Two worlds may be equal but for the bytes of some files. As long as nobody looks at
   * these bytes, both go the same way; once the files are removed, both are equal. So the first such boot is watched from the moment at which the victim
   * has read its files. If it then touches none of them before they are removed, its outcome holds for the others too. To find the others, each start first
   * runs without monitors: a hash of the events says whether monitors would have seen the same while the victim read its disk (docs/decisions/0015).
   */
  judge(start: Start): readonly Judgement[] {
    const { down, victim, disk, monitorSets, torn, others } = start;
    const { merge, hasRecovered, limitMs } = this.#plan;
    const deadline = down.now + limitMs * 1000;
    if (!merge || disk === undefined || torn.size === 0) return this.#boot(start, this.#begun(start), deadline);
    const hasRead = (its: SimulatedDisk) => (now: World) => its.pending().length > 0 || hasRecovered(now, victim);
    const unwatched = forkForEventHash(this.#keys, down);
    const copy = disk.fork();
    unwatched.start(victim, copy);
    unwatched.run({ until: hasRead(copy), time: deadline });
    const present = unwatched.present({ node: victim, files: torn, monitors: 'all' });
    const heard = eventHash(unwatched);
    const keys = monitorSets.map(({ key }) => this.#keys.of({ others, monitors: key, heard, present }));
    const known = keys.flatMap((key) => this.#boots.get(key) ?? []);
    if (known.length === keys.length) return known;
    const watched = this.#begun(start);
    const { world } = watched;
    world.run({ until: hasRead(disk), time: deadline });
    // A monitor that reads the disk at this stage could distinguish two images.
    const isUnseen = !world.isDiskSeen(victim);
    const watch = disk.watch(torn);
    world.run({ until: (now) => hasRecovered(now, victim), time: deadline });
    const isBlind = isUnseen && !watch.isTouched && world.disk(victim) === disk && disk.hasForgotten(torn);
    const judged = this.#boot(start, watched, deadline);
    if (isBlind) for (const [place, judgement] of judged.entries()) this.#boots.set(keys[place] as MergeKey, judgement);
    return judged;
  }

  #begun({ down, victim, disk, monitorSets }: Start): Begun {
    const { memories, places } = new SharedMonitors(this.#keys, monitorSets);
    const world = down.fork(memories);
    if (disk !== undefined) world.start(victim, disk);
    return { world, places };
  }

  #boot({ victim, height }: Start, { world, places }: Begun, deadline: number): readonly Judgement[] {
    const { merge, hasRecovered, hasEnded, limitMs, part } = this.#plan;
    const recovery = world.run({ until: (now) => hasRecovered(now, victim), time: deadline });
    const present = merge ? this.#keys.of({ victim, height, present: world.present({ monitors: 'all' }) }) : undefined;
    // Without merging each death is a state of its own.
    const states = monitorSetsOf(this.#keys, world, places).map((monitorSet, place) => ({
      place: places[place] as MonitorPlaces,
      key:
        present === undefined
          ? this.#keys.unique(`${part?.victim} ${part?.from}`)
          : this.#keys.of({ present, monitors: monitorSet.key }),
    }));
    const open = distinct(states.filter(({ key }) => !this.#outcomes.has(key)));
    if (open.length > 0) {
      // How long the boot took is not part of the state: from there on each has the same time left.
      const time = recovery === 'reached' ? world.now + limitMs * 1000 : deadline;
      const outcomes = this.#runOn(
        world,
        open.map(({ place }) => place),
        (now) => hasEnded(now, victim, height),
        time,
      );
      for (const [place, { key }] of open.entries()) this.#outcomes.set(key, outcomes[place] as Outcome);
    }
    return states.map(({ key }) => ({ outcome: this.#outcomes.get(key) as Outcome, key }));
  }

  /** Runs to the end, for each monitor set. A violated property ends the run for its set. */
  #runOn(world: World, places: readonly MonitorPlaces[], hasEnded: (world: World) => boolean, limit: number): readonly Outcome[] {
    const outcomes = new Map<MonitorPlaces, Outcome>();
    while (outcomes.size < places.length) {
      const end = world.run({ until: hasEnded, time: Math.min(limit, world.now + lookMs * 1000) });
      const isOver = end !== 'time' || world.now >= limit;
      for (const place of places) {
        if (outcomes.has(place)) continue;
        const failures = this.#failuresOf(world, place);
        if (failures.length > 0) outcomes.set(place, { verdict: 'violated', failures });
        else if (isOver) outcomes.set(place, { verdict: end === 'reached' ? 'held' : 'undecided', failures });
      }
    }
    return places.map((place) => outcomes.get(place) as Outcome);
  }

  #failuresOf({ rules, memories, observer }: World, place: MonitorPlaces): Outcome['failures'] {
    return rules.flatMap((rule, index) => {
      const { verdict, violations } = rule.finish(memories[index]?.[place[index] ?? 0] as never, observer);
      const property = this.#plan.properties[index] ?? '';
      if (verdict !== 'violated' || this.#plan.ignored?.has(property) === true) return [];
      return [{ property, message: violations[0]?.message ?? '' }];
    });
  }
}
