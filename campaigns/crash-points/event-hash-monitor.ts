/** Hashes the events that monitors would see. Equal hashes mean equal monitor states. */

import type { World } from '../../actors/scheduler/index.ts';
import { digestOf, mix } from '../../core/digest.ts';
import type { Monitor } from '../../core/events.ts';

/**
 * A monitor of the events that any of these rules is shown; its memory is the hash. Times count from `from`, in microseconds; numbers and causes of
 * events do not count.
 */
function eventHashMonitor(rules: readonly Monitor[], from: number): Monitor<number> {
  const seesAll = rules.some(({ watches }) => watches === undefined);
  return {
    ...(seesAll ? {} : { watches: [...new Set(rules.flatMap(({ watches = [] }) => watches))] }),
    start: 1,
    look: (hash, { index: _index, cause: _cause, time, ...event }) => mix(mix(hash, time - from), digestOf(event)),
    finish: () => ({ verdict: 'held', violations: [] }),
  };
}

/** A copy of the world that is watched by this monitor alone, in the place of its own. */
export function forkForEventHash(world: World): World {
  const monitor = eventHashMonitor(world.rules, world.now);
  return world.fork([[monitor.start]], [monitor as Monitor]);
}

export function eventHash(world: World): number {
  return world.memories[0]?.[0] as number;
}
