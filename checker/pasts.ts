/**
 * Pasts: what the monitors of a world remember. Worlds that are equal but for it have one future, in which each past is judged: it is run
 * once, watched by all of them.
 */
import { fingerprint } from '../actors/digest.ts';
import type { Monitor } from '../actors/record.ts';
import type { World } from '../actors/scheduler/index.ts';

export interface Past {
  /** One of each property, in their order. */
  readonly monitors: readonly Monitor[];
  /** A fingerprint of what they remember, relative to now. */
  readonly key: string;
}

/** The pasts that watch a world in which so many properties are judged, in the order in which they were given to it. */
export function pastsOf(world: World, properties: number): readonly Past[] {
  const pasts: Past[] = [];
  // Without properties there is one past, and nothing in it.
  const rows = Math.max(1, world.monitors.length / Math.max(1, properties));
  for (let row = 0; row < rows; row += 1) pasts.push(pastIn(world, properties, row));
  return pasts;
}

/** One of them, by its place. */
export function pastIn(world: World, properties: number, row: number): Past {
  const monitors = world.monitors.slice(row * properties, (row + 1) * properties);
  return { monitors, key: fingerprint(monitors.map((monitor) => monitor.digest(world.now))) };
}

/** Copies of all their monitors, to watch a world. */
export function watching(pasts: Iterable<Past>): readonly Monitor[] {
  return [...pasts].flatMap(({ monitors }) => monitors.map((monitor) => monitor.fork()));
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
