/**
 * What goes on while victims are down. The others do not know that a victim is gone, only that nothing comes from it: deaths between which it
 * said nothing leave them the same run. It is run once, watched by all their pasts, and each victim comes back into it at its own time
 * (docs/decisions/0014).
 */
import type { World } from '../../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { DeadVictim } from './death-variants.ts';
import {
  distinct,
  grouped,
  type MonitorPlaces,
  type MonitorSet,
  monitorSetOf,
  monitorSetsOf,
  SharedMonitors,
} from './monitor-sets.ts';

/** A victim that has died, and the world in which it has. */
export interface DeathInWorld {
  readonly deadVictim: DeadVictim;
  readonly world: World;
}

/** The world in which a victim is about to come back, and what its disk holds if nothing is lost. */
export interface Down {
  readonly deadVictim: DeadVictim;
  readonly world: World;
  readonly monitorSet: MonitorSet;
  readonly disk: SimulatedDisk;
  /** Whether nobody started it or asked for its disk meanwhile. */
  readonly isLeftAlone: boolean;
}

interface WaitingVictim {
  readonly deadVictim: DeadVictim;
  readonly disk: SimulatedDisk;
  /** When it joined, and what was remembered then. */
  readonly joined: number;
  readonly monitorSet: MonitorSet;
  /** Of that past among those that watch. */
  readonly place: MonitorPlaces;
  readonly back: number;
}

/** One run of the others. */
interface SharedDowntime {
  readonly victim: string;
  /** As it was when the first joined. */
  readonly start: World;
  world: World;
  /** In the order in which they come back. */
  waiting: readonly WaitingVictim[];
}

/** How long they are down (ms of virtual time), and whether those whose worlds are alike share one. */
interface DowntimeOptions {
  readonly restartMs: number;
  readonly isShared: boolean;
}

/** Milliseconds after which what was on its way to a victim has come and gone: by then most deaths have left the same behind. */
const settlingMs = 20;
/** So many can be joined at a time: each keeps two worlds. */
const most = 16;

export class SharedDowntimes {
  readonly #options: DowntimeOptions;
  readonly #comeBack: (downs: readonly Down[]) => void;
  /** Deaths of one time. */
  #entries: DeathInWorld[] = [];
  /** In the order in which they were joined last. */
  #running: readonly SharedDowntime[] = [];

  /** `comeBack` is told of those that come back into one world. It may fork that world, and must not change it. */
  constructor(options: DowntimeOptions, comeBack: (downs: readonly Down[]) => void) {
    this.#options = options;
    this.#comeBack = comeBack;
  }

  /** Deaths in the order of their times. */
  add(entry: DeathInWorld): void {
    const [last] = this.#entries;
    if (last !== undefined && last.world.now !== entry.world.now) this.#startDowntimes();
    this.#entries.push(entry);
  }

  /** All come back. */
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

  /** Deaths that differ in pasts and disks only. */
  #settleDown(group: readonly DeathInWorld[]): void {
    const { restartMs } = this.#options;
    const [{ deadVictim: first, world: death }] = group as readonly [DeathInWorld];
    const { victim } = first;
    const monitorSets = distinct(group.map(({ deadVictim }) => deadVictim.monitorSet));
    const { monitorColumns, places } = new SharedMonitors(monitorSets);
    const world = death.fork(monitorColumns);
    world.run({ time: death.now + Math.min(settlingMs, restartMs) * 1000 });
    if (!isLeftAlone(victim, world, death)) {
      for (const entry of group) this.#alone([entry]);
      return;
    }
    const after = monitorSetsOf(world, places);
    const back = death.now + restartMs * 1000;
    this.#join(victim, world, after, (placesThere) =>
      group.map(({ deadVictim, world: own }) => {
        const index = monitorSets.findIndex(({ key }) => key === deadVictim.monitorSet.key);
        const [monitorSet, place] = [after[index] as MonitorSet, placesThere[index] as MonitorPlaces];
        return { deadVictim, disk: own.disk(victim), joined: world.now, monitorSet, place, back };
      }),
    );
  }

  /** The run that this world is like, or one of its own. */
  #join(
    victim: string,
    world: World,
    monitorSets: readonly MonitorSet[],
    waitingIn: (places: readonly MonitorPlaces[]) => readonly WaitingVictim[],
  ): void {
    for (const downtime of this.#running) this.#advance(downtime, world.now);
    const running = this.#running.filter(({ waiting }) => waiting.length > 0);
    const digest = othersOf(victim, world);
    const like = running.findLast(
      (downtime) => downtime.victim === victim && downtime.world.now === world.now && othersOf(victim, downtime.world) === digest,
    );
    const { monitorColumns, places } = new SharedMonitors(monitorSets, like?.world);
    if (like !== undefined) {
      like.waiting = [...like.waiting, ...waitingIn(places)];
      like.world = like.world.fork(monitorColumns);
      this.#running = [...running.filter((other) => other !== like), like];
      return;
    }
    if (running.length === most) this.#advance(running.shift() as SharedDowntime, Number.MAX_SAFE_INTEGER);
    this.#running = [...running, { victim, start: world, world: world.fork(monitorColumns), waiting: waitingIn(places) }];
  }

  /** Up to that time; those whose time it is come back. */
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
          const [monitorSet] = monitorSetsOf(world, [place]) as readonly [MonitorSet];
          return { deadVictim, world, monitorSet, disk, isLeftAlone: true };
        }),
      );
      downtime.waiting = downtime.waiting.filter((waiting) => waiting.back > back);
    }
  }

  /** Somebody started the victim or asked for its disk: from where it joined each goes a way of its own, with its own disk. */
  #part({ victim, start }: SharedDowntime, { deadVictim, disk, joined, monitorSet, back }: WaitingVictim): void {
    const before = start.fork();
    before.run({ time: joined });
    const world = before.fork(new SharedMonitors([monitorSet]).monitorColumns);
    world.replaceDisk(victim, disk.fork());
    world.run({ time: back });
    this.#comeBack([{ deadVictim, world, monitorSet: monitorSetOf(world), disk: world.disk(victim), isLeftAlone: false }]);
  }

  /** The same death, and the disks that it may have left. */
  #alone(group: readonly DeathInWorld[]): void {
    const { restartMs } = this.#options;
    const [{ deadVictim: first, world: death }] = group as readonly [DeathInWorld];
    const { victim } = first;
    const world = death.fork();
    world.run({ time: death.now + restartMs * 1000 });
    const isAlone = isLeftAlone(victim, world, death);
    const disk = (isAlone ? death : world).disk(victim);
    const monitorSet = monitorSetOf(world);
    this.#comeBack(group.map(({ deadVictim }) => ({ deadVictim, world, monitorSet, disk, isLeftAlone: isAlone })));
  }
}

/** While a victim is down nobody can see its disk. */
function isLeftAlone(victim: string, world: World, before: World): boolean {
  return world.life(victim) === before.life(victim) && !world.isDiskSeen(victim);
}

function othersOf(victim: string, world: World): string {
  return world.digest({ node: victim, files: 'all', monitors: 'all' });
}
