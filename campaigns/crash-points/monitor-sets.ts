/**
 * Monitor sets: one monitor for each property, with what it remembers. Worlds that differ only in their monitor sets have one future. It is run
 * once, and all of the sets watch it.
 */

import type { World } from '../../actors/scheduler/index.ts';
import { fingerprint } from '../../core/digest.ts';
import type { Monitor } from '../../core/events.ts';

export interface MonitorSet {
  /** One of each property, in their order, and a fingerprint of what each remembers, relative to now. */
  readonly monitors: readonly Monitor[];
  readonly digests: readonly number[];
  readonly key: string;
}

/** For each property, the index of a set's monitor in the column of the world. */
export type MonitorPlaces = readonly number[];

/** Monitors that watch one world for several sets. Sets with equal memory for a property share its monitor. */
export class SharedMonitors {
  readonly monitorColumns: readonly Monitor[][];
  readonly places: readonly MonitorPlaces[];

  /** Copies the monitors of the sets, after those of the world that they join. Fork that world with the result. */
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

/** The sets whose monitors have these places in a world. */
export function monitorSetsOf(world: World, places: readonly MonitorPlaces[]): readonly MonitorSet[] {
  const { monitorColumns, now } = world;
  const digests = monitorColumns.map((column) => column.map((monitor) => monitor.digest(now)));
  return places.map((place) => {
    const own = place.map((place, property) => (digests[property] as number[])[place] as number);
    const monitors = place.map((place, property) => (monitorColumns[property] as readonly Monitor[])[place] as Monitor);
    return { monitors, digests: own, key: fingerprint(own) };
  });
}

/** The set of a world that is watched by its own monitors only. */
export function monitorSetOf(world: World): MonitorSet {
  return monitorSetsOf(world, [world.monitorColumns.map(() => 0)])[0] as MonitorSet;
}

/** The first item of each key, in their order. */
export function distinct<Keyed extends { readonly key: string }>(all: readonly Keyed[]): readonly Keyed[] {
  const seen = new Map<string, Keyed>();
  for (const one of all) if (!seen.has(one.key)) seen.set(one.key, one);
  return [...seen.values()];
}

/** Groups by key, in the order in which each key came first. */
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
