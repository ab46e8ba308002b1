/** What a sync makes durable, by personality: a choice among the operations that were pending when it began. */
import type { Pending } from './pending.ts';
import type { Personality } from './personalities.ts';

export interface SyncedTarget {
  /** A file or a directory; directories are named by their inode within `Pending.directory`. */
  readonly inode: number;
  /** `fdatasync`: times and other attributes are ignored. */
  readonly isDataOnly: boolean;
}

/**
 * What is durable once the sync has ended, by the id of the pending operation: as it was made, or a length that is shorter. `eligible`: those that had
 * ended when it began.
 */
export function coverageOf(
  pending: readonly Pending[],
  { inode, isDataOnly }: SyncedTarget,
  personality: Personality,
  eligible: (pending: Pending) => boolean,
): ReadonlyMap<number, Pending> {
  const covered = new Map<number, Pending>();
  const candidates = pending.filter(eligible);
  const takesNames = personality.sync !== 'bytes' && !(isDataOnly && personality.dataSync === 'first name alone');
  const isOwn = (one: Pending): boolean =>
    isName(one)
      ? one.directory === String(inode) ||
        (one.inode === inode && (takesNames || (personality.sync !== 'bytes' && one.isFirst === true)))
      : one.inode === inode;
  /** The journal is committed up to here, at least: what came later may be in a later commit. */
  let committedTo = 0;
  for (const one of candidates) {
    if (!isOwn(one)) continue;
    covered.set(one.id, one);
    if (one.type === 'write' ? !isDataOnly : one.type !== 'barrier') committedTo = one.id;
  }
  if (personality.sync === 'journal')
    for (const one of candidates)
      if (one.id <= committedTo && isMetadata(one, personality) && !covered.has(one.id))
        covered.set(one.id, one.type === 'resize' && one.isOfWrite ? { ...one, length: lengthAlone(one) } : one);
  // Half of a rename never becomes durable without the other; where POSIX is weaker, the new name alone may.
  for (const one of candidates) {
    if (one.type !== 'unlink' || one.renamedBy === undefined) continue;
    const link = candidates.find(({ id }) => id === one.renamedBy);
    if (covered.has(one.id) && link !== undefined) covered.set(link.id, link);
    if (personality.names === 'in order' && covered.has(one.renamedBy)) covered.set(one.id, one);
  }
  for (const flush of candidates) {
    if (flush.type !== 'barrier' || !covered.has(flush.id) || !isMetadata(flush, personality)) continue;
    for (const one of candidates)
      if (one.type === 'resize' && one.inode === flush.inode && one.id < flush.id) covered.set(one.id, one);
  }
  return covered;
}

/** Whether it belongs to the journal of names, truncations and lengths. A flush that was started brings a length. */
export function isMetadata(pending: Pending, personality: Personality): boolean {
  if (isName(pending)) return true;
  if (pending.type === 'barrier') return personality.startsFlush.includes(pending.cause);
  if (pending.type !== 'resize') return false;
  return !pending.isOfWrite || (personality.length === 'within a block' && lengthAlone(pending) > pending.was);
}

/** How long a file may become by the length of a write alone, on a file system that keeps it within the last block. */
export function lengthAlone({ was, length }: { readonly was: number; readonly length: number }): number {
  return Math.min(length, Math.ceil(was / blockBytes) * blockBytes);
}

const blockBytes = 4096;

function isName(pending: Pending): pending is Pending & { readonly type: 'link' | 'unlink' } {
  return pending.type === 'link' || pending.type === 'unlink';
}
