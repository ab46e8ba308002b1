/**
 * Runs the other nodes while victims are down. The other nodes notice only that the victim sends nothing. So if the victim sent nothing between two deaths,
 * the other nodes do the same after both. That run is executed once, and watched with the monitor sets of all these deaths. Each death's victim restarts in
 * it at its own time (docs/decisions/0014).
 */
import type { World } from '../../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { distinct, grouped, isSameState, type MergeKey, type MergeKeys } from '../merge-keys.ts';
import { type MonitorPlaces, type MonitorSet, monitorSetOf, monitorSetsOf, SharedMonitors } from '../monitor-sets.ts';
import type { DeadVictim } from './death-variants.ts';

/** A dead victim, and the world just after its death. */
export interface DeathInWorld {
  readonly deadVictim: DeadVictim;
  readonly world: World;
}

/** A victim that is about to restart, and its world. */
export interface Down {
  readonly deadVictim: DeadVictim;
  readonly world: World;
  readonly monitorSet: MonitorSet;
  /** The victim's disk with all unsynced writes. */
  readonly disk: SimulatedDisk;
  /** Whether nothing started the victim or read its disk during the downtime. */
  readonly isLeftAlone: boolean;
}

/** A victim that waits in a shared run for its restart. */
interface WaitingVictim {
  readonly deadVictim: DeadVictim;
  readonly disk: SimulatedDisk;
  /** The time at which the victim joined the run, and its monitor set at that time. */
  readonly joined: number;
  readonly monitorSet: MonitorSet;
  /** The places of that set in the world of the shared run. */
  readonly place: MonitorPlaces;
  /** The time of its restart. */
  readonly back: number;
}

/** One run of the other nodes, shared by several deaths. */
interface SharedDowntime {
  readonly victim: string;
  /** The world when the first victim joined. */
  readonly start: World;
  world: World;
  /** The waiting victims, in the order of their restarts. */
  waiting: readonly WaitingVictim[];
}

/** How long victims are down (ms of virtual time), and whether deaths with equal worlds share one run. */
interface DowntimeOptions {
  readonly restartMs: number;
  readonly isShared: boolean;
}

/** Time (ms) until messages in flight to the victim have been delivered or dropped: by then most deaths leave equal worlds. */
const settlingMs = 20;
/** The most shared runs at a time. Each keeps two worlds in memory. */
const runningMax = 16;

export class SharedDowntimes {
  readonly #options: DowntimeOptions;
  readonly #keys: MergeKeys;
  readonly #comeBack: (downs: readonly Down[]) => void;
  /** Deaths at the same time whose downtime has not started yet. */
  #entries: DeathInWorld[] = [];
  /** The shared runs. The one that was joined last is at the end. */
  #running: readonly SharedDowntime[] = [];

  /** `comeBack` is called with the victims that restart in the same world. It may fork that world and must not change it. */
  constructor(options: DowntimeOptions, keys: MergeKeys, comeBack: (downs: readonly Down[]) => void) {
    this.#options = options;
    this.#keys = keys;
    this.#comeBack = comeBack;
  }

  /** Adds a death. Deaths must be added in the order of their times. */
  add(entry: DeathInWorld): void {
    const [last] = this.#entries;
    if (last !== undefined && last.world.now !== entry.world.now) this.#startDowntimes();
    this.#entries.push(entry);
  }

  /** Runs until all victims have restarted. */
  settle(): void {
    this.#startDowntimes();
    for (const downtime of this.#running) this.#advance(downtime, Number.MAX_SAFE_INTEGER);
    this.#running = [];
  }

  #startDowntimes(): void {
    for (const group of grouped(this.#entries.splice(0), ({ deadVictim }) => deadVictim.downtimeKey)) {
      if (this.#options.isShared) this.#settleDown(group);
      else this.#alone(group);
    }
  }

  /** Starts the downtime of deaths that differ only in monitor sets and disks. */
  #settleDown(group: readonly DeathInWorld[]): void {
    const { restartMs } = this.#options;
    const [{ deadVictim: first, world: death }] = group as readonly [DeathInWorld];
    const { victim } = first;
    const monitorSets = distinct(group.map(({ deadVictim }) => deadVictim.monitorSet));
    const { memories, places } = new SharedMonitors(this.#keys, monitorSets);
    const world = death.fork(memories);
    world.run({ time: death.now + Math.min(settlingMs, restartMs) * 1000 });
    if (!isLeftAlone(victim, world, death)) {
      for (const entry of group) this.#alone([entry]);
      return;
    }
    const after = monitorSetsOf(this.#keys, world, places);
    const back = death.now + restartMs * 1000;
    this.#join(victim, world, after, (placesThere) =>
      group.map(({ deadVictim, world: own }) => {
        const index = monitorSets.findIndex(({ key }) => isSameState(key, deadVictim.monitorSet.key));
        const [monitorSet, place] = [after[index] as MonitorSet, placesThere[index] as MonitorPlaces];
        return { deadVictim, disk: own.disk(victim), joined: world.now, monitorSet, place, back };
      }),
    );
  }

  /** Joins a shared run with an equal world, or begins one. */
  #join(
    victim: string,
    world: World,
    monitorSets: readonly MonitorSet[],
    waitingIn: (places: readonly MonitorPlaces[]) => readonly WaitingVictim[],
  ): void {
    for (const downtime of this.#running) this.#advance(downtime, world.now);
    const running = this.#running.filter(({ waiting }) => waiting.length > 0);
    const others = this.#othersOf(victim, world);
    const like = running.findLast(
      (downtime) =>
        downtime.victim === victim &&
        downtime.world.now === world.now &&
        isSameState(this.#othersOf(victim, downtime.world), others),
    );
    const { memories, places } = new SharedMonitors(this.#keys, monitorSets, like?.world);
    if (like !== undefined) {
      like.waiting = [...like.waiting, ...waitingIn(places)];
      like.world = like.world.fork(memories);
      this.#running = [...running.filter((other) => other !== like), like];
      return;
    }
    if (running.length === runningMax) this.#advance(running.shift() as SharedDowntime, Number.MAX_SAFE_INTEGER);
    this.#running = [...running, { victim, start: world, world: world.fork(memories), waiting: waitingIn(places) }];
  }

  /** Runs up to `time`, and restarts the victims that are due. */
  #advance(downtime: SharedDowntime, time: number): void {
    const { victim, start } = downtime;
    for (let [next] = downtime.waiting; next !== undefined; [next] = downtime.waiting) {
      const { back } = next;
      const { world } = downtime;
      world.run({ time: Math.min(time, back) });
      if (!isLeftAlone(victim, world, start)) {
        for (const waiting of downtime.waiting) this.#part(downtime, waiting);
        downtime.waiting = [];
        return;
      }
      if (time < back) return;
      const coming = downtime.waiting.filter((waiting) => waiting.back === back);
      this.#comeBack(
        coming.map(({ deadVictim, disk, place }) => {
          const [monitorSet] = monitorSetsOf(this.#keys, world, [place]) as readonly [MonitorSet];
          return { deadVictim, world, monitorSet, disk, isLeftAlone: true };
        }),
      );
      downtime.waiting = downtime.waiting.filter((waiting) => waiting.back > back);
    }
  }

  #othersOf(victim: string, world: World): MergeKey {
    return this.#keys.of({ present: world.present({ nodes: [victim], files: 'all', monitors: 'all' }) });
  }

  /** Runs one death alone, with its own disk, from the time at which it joined. It is used if the scenario started the victim or read its disk. */
  #part({ victim, start }: SharedDowntime, { deadVictim, disk, joined, monitorSet, back }: WaitingVictim): void {
    const before = start.fork();
    before.run({ time: joined });
    const world = before.fork(new SharedMonitors(this.#keys, [monitorSet]).memories);
    world.replaceDisk(victim, disk.fork());
    world.run({ time: back });
    this.#comeBack([
      { deadVictim, world, monitorSet: monitorSetOf(this.#keys, world), disk: world.disk(victim), isLeftAlone: false },
    ]);
  }

  /** Runs the downtime of one death variant without sharing it. */
  #alone(group: readonly DeathInWorld[]): void {
    const { restartMs } = this.#options;
    const [{ deadVictim: first, world: death }] = group as readonly [DeathInWorld];
    const { victim } = first;
    const world = death.fork();
    world.run({ time: death.now + restartMs * 1000 });
    const isAlone = isLeftAlone(victim, world, death);
    const disk = (isAlone ? death : world).disk(victim);
    const monitorSet = monitorSetOf(this.#keys, world);
    this.#comeBack(group.map(({ deadVictim }) => ({ deadVictim, world, monitorSet, disk, isLeftAlone: isAlone })));
  }
}

/** Whether the victim stayed down and its disk was not read. */
function isLeftAlone(victim: string, world: World, before: World): boolean {
  return world.life(victim) === before.life(victim) && !world.isDiskSeen(victim);
}
