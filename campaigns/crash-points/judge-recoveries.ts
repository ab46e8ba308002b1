/**
 * Restarts a victim and judges the run to its end. States are compared twice, during the boot and after recovery. If an equal state was judged before, its
 * outcome is used (docs/decisions/0012).
 */

import type { World } from '../../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { type MergeKey, type MergeKeys, MergeMap } from '../merge-keys.ts';
import { type MonitorPlaces, type MonitorSet, SharedMonitors } from '../monitor-sets.ts';
import { eventHash, forkForEventHash } from './event-hash-monitor.ts';
import { type Judgement, OutcomeJudge } from './judge-outcomes.ts';
import type { CrashpointsPlan } from './plan.ts';

/** The restart of a victim. */
export interface Start {
  /** The world in which the victim is down. Each start works on a copy. */
  readonly down: World;
  readonly victim: string;
  /** The disk with which the victim starts; undefined: in `down` the victim has started already. */
  readonly disk: SimulatedDisk | undefined;
  readonly monitorSets: readonly MonitorSet[];
  /** The victim's height when it died. */
  readonly height: number;
  /** The files in which crash images of one death differ. */
  readonly torn: ReadonlySet<string>;
  /** Key of the world and the victim, without its disk and without the monitor sets. */
  readonly others: MergeKey;
}

/** The world in which the victim has been started, and the places of its monitor sets. */
interface Begun {
  readonly world: World;
  readonly places: readonly MonitorPlaces[];
}

export class RecoveryJudge {
  readonly #plan: CrashpointsPlan;
  readonly #keys: MergeKeys;
  readonly #outcomes: OutcomeJudge;
  /**
   * The outcomes of boots that did not depend on torn bytes. The key is made of the world before the boot, and of the world when the victim had read its
   * files, both without the torn bytes.
   */
  readonly #boots = new MergeMap<Judgement>();

  constructor(plan: CrashpointsPlan, keys: MergeKeys) {
    this.#plan = plan;
    this.#keys = keys;
    this.#outcomes = new OutcomeJudge(plan, keys);
  }

  /** Keys of the distinct states after recovery. */
  get states(): readonly string[] {
    return this.#outcomes.states;
  }

  /**
   * Returns one judgement for each monitor set.
   *
   * Most disk images of a death differ only in the length of a torn tail. Two worlds that differ only in the bytes of some files have the same future if
   * nothing reads these bytes before the files are removed. So the disk is watched after the victim has read its files. If these files are not touched
   * before they are removed, the outcome is used for all such worlds. To recognise them, each restart first runs without monitors, up to the moment at
   * which the files are read. A hash of its events says whether monitors would have seen the same (docs/decisions/0015).
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
    const present = unwatched.present({ nodes: [victim], files: torn, monitors: 'all' });
    const heard = eventHash(unwatched);
    const keys = monitorSets.map(({ key }) => this.#keys.of({ others, monitors: key, heard, present }));
    const known = keys.flatMap((key) => this.#boots.get(key) ?? []);
    if (known.length === keys.length) return known;
    const watched = this.#begun(start);
    const { world } = watched;
    world.run({ until: hasRead(disk), time: deadline });
    // A monitor that reads the disk before this moment could distinguish two images.
    const isUnseen = !world.isDiskSeen(victim);
    const watch = disk.watch(torn);
    world.run({ until: (now) => hasRecovered(now, victim), time: deadline });
    const isBlind = isUnseen && !watch.isTouched && world.disk(victim) === disk && disk.hasForgotten(torn);
    const judged = this.#boot(start, watched, deadline);
    if (isBlind) for (const [place, judgement] of judged.entries()) this.#boots.set(keys[place] as MergeKey, judgement);
    return judged;
  }

  /** A copy of the world in which the victim has been started, watched with all monitor sets. */
  #begun({ down, victim, disk, monitorSets }: Start): Begun {
    const { memories, places } = new SharedMonitors(this.#keys, monitorSets);
    const world = down.fork(memories);
    if (disk !== undefined) world.start(victim, disk);
    return { world, places };
  }

  /** Runs the boot to its end, and the rest if the state after it is new. */
  #boot({ victim, height }: Start, { world, places }: Begun, deadline: number): readonly Judgement[] {
    return this.#outcomes.judge([{ victim, height }], world, places, deadline);
  }
}
