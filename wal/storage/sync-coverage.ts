/** What a sync makes durable, by personality: a choice among the operations that were pending when it began. */
import type { Pending } from './pending.ts';
import type { Personality } from './personalities.ts';

export interface SyncedTarget {
  /** A file or a directory; directories are named by their inode within `Pending.directory`. */
  readonly inode: number;
  /** `fdatasync`: times and other attributes are ignored. */
  readonly isDataOnly: boolean;
}

/** Ids of the pending operations that are durable once the sync has ended. `eligible`: those that had ended when it began. */
export function coverageOf(
  pending: readonly Pending[],
  { inode, isDataOnly }: SyncedTarget,
  personality: Personality,
  eligible: (pending: Pending) => boolean,
): ReadonlySet<number> {
  const covered = new Set<number>();
  const candidates = pending.filter(eligible);
  const isOwn = (one: Pending): boolean =>
    isName(one) ? one.directory === String(inode) || (personality.sync !== 'bytes' && one.inode === inode) : one.inode === inode;
  let isJournalDirty = false;
  for (const one of candidates) {
    if (!isOwn(one)) continue;
    covered.add(one.id);
    if (one.type === 'write' ? !isDataOnly : one.type !== 'barrier') isJournalDirty = true;
  }
  // Half of a rename never becomes durable without the other, beyond POSIX's own guarantees for the directory of each.
  for (const one of candidates)
    if (one.type === 'unlink' && one.renamedBy !== undefined && covered.has(one.id)) covered.add(one.renamedBy);
  if (personality.sync === 'journal' && isJournalDirty)
    for (const one of candidates) if (isMetadata(one, personality)) covered.add(one.id);
  // What the file system flushed by itself before a name that is now durable.
  const newest = Math.max(
    0,
    ...candidates.filter((one) => covered.has(one.id) && isMetadata(one, personality)).map(({ id }) => id),
  );
  for (const barrier of candidates) {
    if (barrier.type !== 'barrier' || !personality.flushes.includes(barrier.cause) || barrier.id > newest) continue;
    for (const one of candidates) if (!isName(one) && one.inode === barrier.inode && one.id <= barrier.id) covered.add(one.id);
  }
  return covered;
}

/** Whether it belongs to the journal of names, truncations and lengths. */
export function isMetadata(pending: Pending, personality: Personality): boolean {
  if (isName(pending)) return true;
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
