/**
 * A schedule: the order in which what is under way is delivered. First in, first out by cause, but for the departures that it names.
 *
 * Exploration searches over schedules, sampling draws them, and a failure file keeps one. Not here: who chooses.
 */
import type { CrashImage, DeathKind } from '../../core/events.ts';
import { CausalOrder, type Waits } from './causal-order.ts';
import type { Entry } from './event-heap.ts';
import type { World } from './world.ts';

/** Where a schedule ends: every node that is up has decided `heights`, or one needs a round later than `rounds`. */
export interface ScheduleBounds {
  readonly victim: string;
  readonly heights: number;
  readonly rounds: number;
  /** Whose disks may answer late, so that what is on the wire comes first (default: the victim's). */
  readonly disks?: 'victim' | 'all';
}

/** The departures: the how many-th decision (from 0), to the place of what was delivered among the choices. */
export type Picks = Readonly<Record<number, number>>;

export interface Schedule extends ScheduleBounds {
  readonly picks: Picks;
}

/** Ways to die at a crash point; torn writes are left to the enumeration of crash points. */
export const waysToDie: readonly {
  readonly kind: DeathKind;
  readonly image: CrashImage | undefined;
  /** As it follows the name of a point. */
  readonly name: string;
  readonly words: string;
}[] = [
  { kind: 'kill', image: undefined, name: 'kill', words: 'kill' },
  { kind: 'power', image: 'none', name: 'none', words: 'power, nothing unsynced left' },
  { kind: 'power', image: 'all', name: 'all', words: 'power, everything left' },
];

/** Decisions after which a schedule is cut: a protocol without rounds may go on for ever where it has lost its liveness. */
export const longestSchedule = 2000;

/** Milliseconds a node stays down in a schedule. */
export const scheduleRestartMs = 1;

/** Runs a world by a schedule. `until` may end it earlier. */
export function followSchedule(world: World, schedule: Schedule, until: (world: World) => boolean): 'reached' | 'idle' {
  const order = new CausalOrder();
  const waits = lateDisks(world, schedule);
  const deliver = (entry: Entry): void => order.deliver(world, entry);
  for (const first of openings(world, schedule)) order.settle(world, first, deliver);
  for (let decision = 0; ; decision += 1) {
    order.settle(world, waits, deliver);
    if (until(world) || scheduleEnd(world, schedule) !== undefined) return 'reached';
    const choices = order.choices(world, waits);
    const next = choices[schedule.picks[decision] ?? 0] ?? choices[0];
    if (next === undefined) return 'idle';
    deliver(next);
  }
}

/** Everybody has booted before anything is on its way, the victim last: what comes to a node that is not up yet is lost. */
export function openings({ nodes }: World, { victim }: ScheduleBounds): readonly Waits[] {
  const place = nodes.indexOf(victim);
  return [({ node }) => node === place, nothingWaits];
}

export const nothingWaits: Waits = () => false;

export function lateDisks({ nodes }: World, { victim, disks = 'victim' }: ScheduleBounds): Waits {
  const place = nodes.indexOf(victim);
  return disks === 'all'
    ? ({ delivery }) => delivery.type === 'disk'
    : ({ delivery, node }) => delivery.type === 'disk' && node === place;
}

export function scheduleEnd(world: World, { heights, rounds, victim }: ScheduleBounds): 'decided' | 'cut' | undefined {
  const up = world.nodes.filter((name) => world.isUp(name));
  if (up.some((name) => world.position(name).height <= heights && world.position(name).round > rounds)) return 'cut';
  const isBack = world.isUp(victim) || world.stoppedBecause(victim) !== undefined;
  return isBack && up.every((name) => world.position(name).height > heights) ? 'decided' : undefined;
}
