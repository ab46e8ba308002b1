/**
 * Monitor sets. A set holds one memory for each property: what the monitors remember of one history. Worlds that differ only in their monitor sets have the
 * same future, so it is run once and watched with all sets.
 */

import type { Memories, World } from '../actors/scheduler/index.ts';
import { isSameState, type MergeKey, type MergeKeys } from './merge-keys.ts';

export interface MonitorSet {
  /** One memory for each property, in the order of the properties. */
  readonly memories: readonly unknown[];
  /** The key of each memory, with times relative to now. */
  readonly keys: readonly MergeKey[];
  /** Key: sets with equal keys lead to equal verdicts from now on. */
  readonly key: MergeKey;
}

/** For each property: the place of a set's memory in the list of memories that a world has for this property. */
export type MonitorPlaces = readonly number[];

/** The memories of a world that is watched with several sets. Sets with equal memories of a property share one. */
export class SharedMonitors {
  readonly memories: Memories;
  readonly places: readonly MonitorPlaces[];

  /** The memories of the sets, after those of the world `joined` if there is one. `joined` stays as it is: the caller forks it with `memories`. */
  constructor(keys: MergeKeys, sets: readonly MonitorSet[], joined?: World) {
    const [{ memories } = { memories: [] }] = sets;
    const columns = memories.map((_, property) => [...(joined?.memories[property] ?? [])]);
    const known = joined === undefined ? columns.map((): MergeKey[] => []) : memoryKeys(keys, joined);
    this.places = sets.map((set) =>
      set.memories.map((memory, property) => {
        const column = known[property] as MergeKey[];
        const key = set.keys[property] as MergeKey;
        const place = column.findIndex((other) => isSameState(other, key));
        if (place !== -1) return place;
        (columns[property] as unknown[]).push(memory);
        return column.push(key) - 1;
      }),
    );
    this.memories = columns;
  }
}

function memoryKeys(keys: MergeKeys, { rules, memories, now }: World): MergeKey[][] {
  return rules.map((rule, property) => (memories[property] ?? []).map((memory) => keys.ofMemory(rule, memory, now)));
}

/** The sets whose memories are at these places in a world. */
export function monitorSetsOf(keys: MergeKeys, world: World, places: readonly MonitorPlaces[]): readonly MonitorSet[] {
  const { memories } = world;
  const known = memoryKeys(keys, world);
  return places.map((place) => {
    const own = place.map((at, property) => (known[property] as MergeKey[])[at] as MergeKey);
    return { memories: place.map((at, property) => memories[property]?.[at]), keys: own, key: keys.ofAll(own) };
  });
}

/** The monitor set of a world that has only one. */
export function monitorSetOf(keys: MergeKeys, world: World): MonitorSet {
  return monitorSetsOf(keys, world, [world.memories.map(() => 0)])[0] as MonitorSet;
}
