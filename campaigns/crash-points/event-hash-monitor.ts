/** Hashes the events that monitors would see. Equal hashes mean equal monitor states. */

import type { World } from '../../actors/scheduler/index.ts';
import type { Monitor } from '../../core/events.ts';
import { MergeKey, type MergeKeys } from '../merge-keys.ts';

const nothingHeard = new MergeKey('');

/**
 * A monitor of the events that any of these rules is shown; its memory is the key of all so far. Times count from `from`, in microseconds; numbers and
 * causes of events do not count.
 */
function eventHashMonitor(keys: MergeKeys, rules: readonly Monitor[], from: number): Monitor<MergeKey> {
  const seesAll = rules.some(({ watches }) => watches === undefined);
  return {
    ...(seesAll ? {} : { watches: [...new Set(rules.flatMap(({ watches = [] }) => watches))] }),
    start: nothingHeard,
    look: (before, { index: _index, cause: _cause, time, ...event }) => keys.next(before, { event, after: time - from }),
    finish: () => ({ verdict: 'held', violations: [] }),
  };
}

/** A copy of the world that is watched by this monitor alone, in the place of its own. */
export function forkForEventHash(keys: MergeKeys, world: World): World {
  const monitor = eventHashMonitor(keys, world.rules, world.now);
  return world.fork([[monitor.start]], [monitor as Monitor]);
}

export function eventHash(world: World): MergeKey {
  return world.memories[0]?.[0] as MergeKey;
}
