/** The sites at which drawn deaths strike. Reading a folder and cancelling a timer are not in the list, because a death there shows nothing more. */
import type { SiteName } from '../../scenarios/vocabulary.ts';

export const drawnSites: readonly SiteName[] = [
  'wal.append',
  'wal.flush',
  'publish',
  'timer.set',
  'value.get',
  'decided',
  'store.append',
  'store.flush',
  'segment.create',
  'segment.open',
  'segment.prune',
  'replay.frame',
  'store.create',
];
