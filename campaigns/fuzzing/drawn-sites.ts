/** Sites at which drawn deaths strike. Reading a directory and cancelling a timer are left out: nothing depends on dying just there. */
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
