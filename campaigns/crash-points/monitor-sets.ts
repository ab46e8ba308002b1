/**
 * Monitor sets: what the monitors of a world remember, one memory for each property. Worlds that differ only in their monitor sets have one future.
 * It is run once, and all of the sets watch it.
 */

import { type Memories, memoryDigest, type World } from '../../actors/scheduler/index.ts';
import { fingerprint } from '../../core/digest.ts';

export interface MonitorSet {
  /** One memory for each property, in their order, and a fingerprint of each, relative to now. */
  readonly memories: readonly unknown[];
  readonly digests: readonly number[];
  readonly key: string;
}

/** For each property, the index of a set's memory in the column of the world. */
export type MonitorPlaces = readonly number[];

/** The memories with which one world is watched for several sets. Sets with equal memories of a property share one. */
export class SharedMonitors {
  readonly memories: Memories;
  readonly places: readonly MonitorPlaces[];

  /** The memories of the sets, after those of the world that they join. Fork that world with the result. */
  constructor(sets: readonly MonitorSet[], joined?: World) {
    const [{ memories } = { memories: [] }] = sets;
    const columns = memories.map((_, property) => [...(joined?.memories[property] ?? [])]);
    const digests = joined === undefined ? columns.map((): number[] => []) : digestsIn(joined);
    this.places = sets.map((set) =>
      set.memories.map((memory, property) => {
        const column = digests[property] as number[];
        const digest = set.digests[property] as number;
        const place = column.indexOf(digest);
        if (place !== -1) return place;
        (columns[property] as unknown[]).push(memory);
        return column.push(digest) - 1;
      }),
    );
    this.memories = columns;
  }
}

function digestsIn({ rules, memories, now }: World): number[][] {
  return rules.map((rule, property) => (memories[property] ?? []).map((memory) => memoryDigest(rule, memory, now)));
}

/** The sets whose memories have these places in a world. */
export function monitorSetsOf(world: World, places: readonly MonitorPlaces[]): readonly MonitorSet[] {
  const { memories } = world;
  const digests = digestsIn(world);
  return places.map((place) => {
    const own = place.map((at, property) => (digests[property] as number[])[at] as number);
    return { memories: place.map((at, property) => memories[property]?.[at]), digests: own, key: fingerprint(own) };
  });
}

/** The set of a world that is watched for one run only. */
export function monitorSetOf(world: World): MonitorSet {
  return monitorSetsOf(world, [world.memories.map(() => 0)])[0] as MonitorSet;
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
