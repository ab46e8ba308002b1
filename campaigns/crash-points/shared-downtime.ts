/**
 * What goes on while victims are down. The others do not know that a victim is gone, only that nothing comes from it: deaths between which it
 * said nothing leave them the same run. It is run once, watched by all their pasts, and each victim comes back into it at its own time
 * (docs/decisions/0014).
 */
import type { World } from '../../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { Fallen } from './death-variants.ts';
import { Audience, distinct, grouped, type Past, pastOf, pastsOf, type Seat } from './monitor-sets.ts';

/** A victim that has died, and the world in which it has. */
export interface Dying {
  readonly fallen: Fallen;
  readonly world: World;
}

/** The world in which a victim is about to come back, and what its disk holds if nothing is lost. */
export interface Down {
  readonly fallen: Fallen;
  readonly world: World;
  readonly past: Past;
  readonly disk: SimulatedDisk;
  /** Whether nobody started it or asked for its disk meanwhile. */
  readonly isLeftAlone: boolean;
}

interface Absent {
  readonly fallen: Fallen;
  readonly disk: SimulatedDisk;
  /** When it joined, and what was remembered then. */
  readonly joined: number;
  readonly past: Past;
  /** Of that past among those that watch. */
  readonly seat: Seat;
  readonly back: number;
}

/** One run of the others. */
interface Meantime {
  readonly victim: string;
  /** As it was when the first joined. */
  readonly start: World;
  world: World;
  /** In the order in which they come back. */
  absent: readonly Absent[];
}

/** How long they are down (ms of virtual time), and whether those whose worlds are alike share one. */
interface Terms {
  readonly restartMs: number;
  readonly isShared: boolean;
}

/** Milliseconds after which what was on its way to a victim has come and gone: by then most deaths have left the same behind. */
const settlingMs = 20;
/** So many can be joined at a time: each keeps two worlds. */
const most = 16;

export class Meantimes {
  readonly #terms: Terms;
  readonly #comeBack: (downs: readonly Down[]) => void;
  /** Deaths of one time. */
  #dying: Dying[] = [];
  /** In the order in which they were joined last. */
  #running: readonly Meantime[] = [];

  /** `comeBack` is told of those that come back into one world. It may fork that world, and must not change it. */
  constructor(terms: Terms, comeBack: (downs: readonly Down[]) => void) {
    this.#terms = terms;
    this.#comeBack = comeBack;
  }

  /** Deaths in the order of their times. */
  add(dying: Dying): void {
    const [last] = this.#dying;
    if (last !== undefined && last.world.now !== dying.world.now) this.#fall();
    this.#dying.push(dying);
  }

  /** All come back. */
  settle(): void {
    this.#fall();
    for (const meantime of this.#running) this.#advance(meantime, Number.MAX_SAFE_INTEGER);
    this.#running = [];
  }

  #fall(): void {
    for (const group of grouped(this.#dying.splice(0), ({ fallen }) => fallen.fate)) {
      if (this.#terms.isShared) this.#settleDown(group);
      else this.#alone(group);
    }
  }

  /** Deaths that differ in pasts and disks only. */
  #settleDown(group: readonly Dying[]): void {
    const { restartMs } = this.#terms;
    const [{ fallen: first, world: death }] = group as readonly [Dying];
    const { victim } = first;
    const pasts = distinct(group.map(({ fallen }) => fallen.past));
    const { onlookers, seats } = new Audience(pasts);
    const world = death.fork(onlookers);
    world.run({ time: death.now + Math.min(settlingMs, restartMs) * 1000 });
    if (!isLeftAlone(victim, world, death)) {
      for (const dying of group) this.#alone([dying]);
      return;
    }
    const after = pastsOf(world, seats);
    const back = death.now + restartMs * 1000;
    this.#join(victim, world, after, (seatsThere) =>
      group.map(({ fallen, world: own }) => {
        const place = pasts.findIndex(({ key }) => key === fallen.past.key);
        const [past, seat] = [after[place] as Past, seatsThere[place] as Seat];
        return { fallen, disk: own.disk(victim), joined: world.now, past, seat, back };
      }),
    );
  }

  /** The run that this world is like, or one of its own. */
  #join(victim: string, world: World, pasts: readonly Past[], absentIn: (seats: readonly Seat[]) => readonly Absent[]): void {
    for (const meantime of this.#running) this.#advance(meantime, world.now);
    const running = this.#running.filter(({ absent }) => absent.length > 0);
    const digest = othersOf(victim, world);
    const like = running.findLast(
      (meantime) => meantime.victim === victim && meantime.world.now === world.now && othersOf(victim, meantime.world) === digest,
    );
    const { onlookers, seats } = new Audience(pasts, like?.world);
    if (like !== undefined) {
      like.absent = [...like.absent, ...absentIn(seats)];
      like.world = like.world.fork(onlookers);
      this.#running = [...running.filter((other) => other !== like), like];
      return;
    }
    if (running.length === most) this.#advance(running.shift() as Meantime, Number.MAX_SAFE_INTEGER);
    this.#running = [...running, { victim, start: world, world: world.fork(onlookers), absent: absentIn(seats) }];
  }

  /** Up to that time; those whose time it is come back. */
  #advance(meantime: Meantime, time: number): void {
    const { victim, start } = meantime;
    for (let [next] = meantime.absent; next !== undefined; [next] = meantime.absent) {
      const { back } = next;
      const { world } = meantime;
      world.run({ time: Math.min(time, back) });
      if (!isLeftAlone(victim, world, start)) {
        for (const absent of meantime.absent) this.#part(meantime, absent);
        meantime.absent = [];
        return;
      }
      if (time < back) return;
      const coming = meantime.absent.filter((absent) => absent.back === back);
      this.#comeBack(
        coming.map(({ fallen, disk, seat }) => {
          const [past] = pastsOf(world, [seat]) as readonly [Past];
          return { fallen, world, past, disk, isLeftAlone: true };
        }),
      );
      meantime.absent = meantime.absent.filter((absent) => absent.back > back);
    }
  }

  /** Somebody started the victim or asked for its disk: from where it joined each goes a way of its own, with its own disk. */
  #part({ victim, start }: Meantime, { fallen, disk, joined, past, back }: Absent): void {
    const before = start.fork();
    before.run({ time: joined });
    const world = before.fork(new Audience([past]).onlookers);
    world.replaceDisk(victim, disk.fork());
    world.run({ time: back });
    this.#comeBack([{ fallen, world, past: pastOf(world), disk: world.disk(victim), isLeftAlone: false }]);
  }

  /** The same death, and the disks that it may have left. */
  #alone(group: readonly Dying[]): void {
    const { restartMs } = this.#terms;
    const [{ fallen: first, world: death }] = group as readonly [Dying];
    const { victim } = first;
    const world = death.fork();
    world.run({ time: death.now + restartMs * 1000 });
    const isAlone = isLeftAlone(victim, world, death);
    const disk = (isAlone ? death : world).disk(victim);
    const past = pastOf(world);
    this.#comeBack(group.map(({ fallen }) => ({ fallen, world, past, disk, isLeftAlone: isAlone })));
  }
}

/** While a victim is down nobody can see its disk. */
function isLeftAlone(victim: string, world: World, before: World): boolean {
  return world.life(victim) === before.life(victim) && !world.isDiskSeen(victim);
}

function othersOf(victim: string, world: World): string {
  return world.digest({ node: victim, files: 'all', monitors: 'all' });
}
