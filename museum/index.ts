/**
 * The museum: broken nodes, each an honest one with one part replaced, each with the real-world bug it stands for.
 */
import { broadcastBeforeFlush } from './broadcast-before-flush.ts';
import type { Exhibit } from './exhibit.ts';
import { corruptionCutAsTorn, lifeReused, noWal } from './log-misread.ts';
import { noFsync } from './no-fsync.ts';
import { certificatesUnlogged, timeoutsUnlogged } from './unlogged.ts';

export type { Exhibit } from './exhibit.ts';

export const exhibits: readonly Exhibit[] = [
  noWal,
  noFsync,
  broadcastBeforeFlush,
  timeoutsUnlogged,
  certificatesUnlogged,
  corruptionCutAsTorn,
  lifeReused,
];

export function exhibitNamed(name: string): Exhibit | undefined {
  return exhibits.find((candidate) => candidate.name === name);
}
