/** The sites at which drawn deaths strike. Reading a folder and cancelling a timer are not in the list, because a death there shows nothing more. */
import type { SiteName } from '../../scenarios/vocabulary.ts';

/** Where an application has a store of its own: between its block and the end of its commit, and at a start. */
export const storeSites: readonly SiteName[] = ['store.flush', 'app.write', 'app.flush', 'app.prune'];

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
