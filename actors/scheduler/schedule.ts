/**
 * A schedule is an order in which messages, timers and answers of disks are delivered. The order is first in, first out by cause, except for the
 * deviations that the schedule lists.
 *
 * `explore` searches and draws schedules (campaigns/exploration), and a failure file holds one. This file runs a world by a given schedule.
 */
import type { CrashImage, DeathKind } from '../../core/events.ts';
import { CausalOrder, type Waits } from './causal-order.ts';
import type { Entry } from './event-heap.ts';
import type { World } from './world.ts';

/**
 * When a schedule ends: the victim is up again or has stopped, and every node that is up has decided `heights`. It ends also when a node enters a round later
 * than `rounds`.
 */
export interface ScheduleBounds {
  readonly victim: string;
  readonly heights: number;
  readonly rounds: number;
  /** The nodes whose disks may answer after messages that were sent later (default: only the victim's). */
  readonly disks?: 'victim' | 'all';
}

/**
 * The deviations. Key: the 0-based index of a choice. Value: the 0-based index of the delivery that is made, in the list of those that are possible. A value
 * beyond the list means its first entry.
 */
export type Picks = Readonly<Record<number, number>>;

export interface Schedule extends ScheduleBounds {
  readonly picks: Picks;
}

/** The ways to die at a crash point that exploration tries. Torn writes are tried by the campaign of crash points only. */
export const waysToDie: readonly {
  readonly kind: DeathKind;
  readonly image: CrashImage | undefined;
  /** The image in the text of a death, after the name of the crash point: `B@1.0/publish~1:before/kill`. */
  readonly name: string;
  readonly words: string;
}[] = [
  { kind: 'kill', image: undefined, name: 'kill', words: 'kill' },
  { kind: 'power', image: 'none', name: 'none', words: 'power, nothing unsynced left' },
  { kind: 'power', image: 'all', name: 'all', words: 'power, everything left' },
];

/** Exploration cuts a schedule after this many choices. A protocol without rounds that has lost its liveness would never end. */
export const longestSchedule = 2000;

/** How long (ms) a node stays down after a death in a schedule. */
export const scheduleRestartMs = 1;

/** Runs a world by a schedule, until the schedule ends or `until` is true (`reached`), or nothing is left to deliver (`idle`). */
export function followSchedule(world: World, schedule: Schedule, until: (world: World) => boolean): 'reached' | 'idle' {
  const order = new CausalOrder();
  const waits = lateDisks(world, schedule);
  const deliver = (entry: Entry): void => order.deliver(world, entry);
  for (const first of openings(world, schedule)) order.settle(world, first, deliver);
  for (let choice = 0; ; choice += 1) {
    order.settle(world, waits, deliver);
    if (until(world) || scheduleEnd(world, schedule) !== undefined) return 'reached';
    const choices = order.choices(world, waits);
    const next = choices[schedule.picks[choice] ?? 0] ?? choices[0];
    if (next === undefined) return 'idle';
    deliver(next);
  }
}

/**
 * What the first two phases of a schedule hold back: first everything of the victim, then nothing. So all nodes boot before any message is delivered, and the
 * victim boots last. A message to a node that is not up yet would be lost.
 */
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
