/**
 * Pasts: what the monitors of a world remember. Worlds that are equal but for it have one future, in which each past is judged: it is run
 * once, watched by all of them.
 */

import type { World } from '../../actors/scheduler/index.ts';
import { fingerprint } from '../../core/digest.ts';
import type { Monitor } from '../../core/events.ts';

export interface MonitorSet {
  /** One of each property, in their order, and a fingerprint of what it remembers, relative to now. */
  readonly monitors: readonly Monitor[];
  readonly digests: readonly number[];
  readonly key: string;
}

/** Of each property the place of a past's monitor among the world's. */
export type MonitorPlaces = readonly number[];

/** Who watches a world: pasts that remember the same of a property share its monitor. */
export class SharedMonitors {
  readonly monitorColumns: readonly Monitor[][];
  readonly places: readonly MonitorPlaces[];

  /** Copies of their monitors, and those of the world that they join, which is forked with the result. */
  constructor(monitorSets: readonly MonitorSet[], joined?: World) {
    const [{ monitors } = { monitors: [] }] = monitorSets;
    const now = joined?.now ?? 0;
    this.monitorColumns = monitors.map((_, property) => [...(joined?.monitorColumns[property] ?? [])]);
    const digests = this.monitorColumns.map((column) => column.map((monitor) => monitor.digest(now)));
    this.places = monitorSets.map((monitorSet) =>
      monitorSet.monitors.map((monitor, property) => {
        const column = digests[property] as number[];
        const digest = monitorSet.digests[property] as number;
        const place = column.indexOf(digest);
        if (place !== -1) return place;
        (this.monitorColumns[property] as Monitor[]).push(monitor.fork());
        return column.push(digest) - 1;
      }),
    );
  }
}

/** The pasts that sit so in a world. */
export function monitorSetsOf(world: World, places: readonly MonitorPlaces[]): readonly MonitorSet[] {
  const { monitorColumns, now } = world;
  const digests = monitorColumns.map((column) => column.map((monitor) => monitor.digest(now)));
  return places.map((place) => {
    const own = place.map((place, property) => (digests[property] as number[])[place] as number);
    const monitors = place.map((place, property) => (monitorColumns[property] as readonly Monitor[])[place] as Monitor);
    return { monitors, digests: own, key: fingerprint(own) };
  });
}

/** The past of a world that was forked for no other. */
export function monitorSetOf(world: World): MonitorSet {
  return monitorSetsOf(world, [world.monitorColumns.map(() => 0)])[0] as MonitorSet;
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
