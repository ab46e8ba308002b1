/**
 * Pasts: what the monitors of a world remember. Worlds that are equal but for it have one future, in which each past is judged: it is run
 * once, watched by all of them.
 */

import type { World } from '../../actors/scheduler/index.ts';
import { fingerprint } from '../../core/digest.ts';
import type { Monitor } from '../../core/events.ts';

export interface Past {
  /** One of each property, in their order, and a fingerprint of what it remembers, relative to now. */
  readonly monitors: readonly Monitor[];
  readonly digests: readonly number[];
  readonly key: string;
}

/** Of each property the place of a past's monitor among the world's. */
export type Seat = readonly number[];

/** Who watches a world: pasts that remember the same of a property share its monitor. */
export class Audience {
  readonly onlookers: readonly Monitor[][];
  readonly seats: readonly Seat[];

  /** Copies of their monitors, and those of the world that they join, which is forked with the result. */
  constructor(pasts: readonly Past[], joined?: World) {
    const [{ monitors } = { monitors: [] }] = pasts;
    const now = joined?.now ?? 0;
    this.onlookers = monitors.map((_, property) => [...(joined?.onlookers[property] ?? [])]);
    const digests = this.onlookers.map((column) => column.map((monitor) => monitor.digest(now)));
    this.seats = pasts.map((past) =>
      past.monitors.map((monitor, property) => {
        const column = digests[property] as number[];
        const digest = past.digests[property] as number;
        const place = column.indexOf(digest);
        if (place !== -1) return place;
        (this.onlookers[property] as Monitor[]).push(monitor.fork());
        return column.push(digest) - 1;
      }),
    );
  }
}

/** The pasts that sit so in a world. */
export function pastsOf(world: World, seats: readonly Seat[]): readonly Past[] {
  const { onlookers, now } = world;
  const digests = onlookers.map((column) => column.map((monitor) => monitor.digest(now)));
  return seats.map((seat) => {
    const own = seat.map((place, property) => (digests[property] as number[])[place] as number);
    const monitors = seat.map((place, property) => (onlookers[property] as readonly Monitor[])[place] as Monitor);
    return { monitors, digests: own, key: fingerprint(own) };
  });
}

/** The past of a world that was forked for no other. */
export function pastOf(world: World): Past {
  return pastsOf(world, [world.onlookers.map(() => 0)])[0] as Past;
}

/** One of each key, in the order in which they came first. */
export function distinct<Keyed extends { readonly key: string }>(all: readonly Keyed[]): readonly Keyed[] {
  const seen = new Map<string, Keyed>();
  for (const one of all) if (!seen.has(one.key)) seen.set(one.key, one);
  return [...seen.values()];
}

/** In the order in which their keys came first. */
export function grouped<Item>(all: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of all) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
