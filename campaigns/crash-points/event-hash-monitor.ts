/** Hashes the events that monitors would see. Equal hashes mean equal monitor states. */

import type { World } from '../../actors/scheduler/index.ts';
import type { Monitor } from '../../core/events.ts';
import { MergeKey, type MergeKeys } from '../merge-keys.ts';

const noEvent = new MergeKey('');

/**
 * A monitor that watches every event that one of these rules watches. Its memory is the key of all events so far. Times are relative to `from`, in
 * microseconds. The indices and causes of events are omitted.
 */
function eventHashMonitor(keys: MergeKeys, rules: readonly Monitor[], from: number): Monitor<MergeKey> {
  const seesAll = rules.some(({ watches }) => watches === undefined);
  return {
    ...(seesAll ? {} : { watches: [...new Set(rules.flatMap(({ watches = [] }) => watches))] }),
    start: noEvent,
    look: (before, { index: _index, cause: _cause, time, ...event }) => keys.next(before, { event, after: time - from }),
    finish: () => ({ verdict: 'held', violations: [] }),
  };
}

/** A copy of the world with this monitor in place of the world's own monitors. */
export function forkForEventHash(keys: MergeKeys, world: World): World {
  const monitor = eventHashMonitor(keys, world.rules, world.now);
  return world.fork([[monitor.start]], [monitor as Monitor]);
}

/** The hash of the events since the fork. */
export function eventHash(world: World): MergeKey {
  return world.memories[0]?.[0] as MergeKey;
}
