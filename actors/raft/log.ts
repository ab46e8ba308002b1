/** Raft's log with a snapshot before its first entry: indices are 1-based and count from the first entry that there ever was (section 7). */
import type { Append, Entry, RaftState, Vote } from './types.ts';

type Log = Pick<RaftState, 'snapshot' | 'log'>;

export function lastIndexOf({ snapshot, log }: Log): number {
  return snapshot.lastIndex + log.length;
}

/** The entry at an index. Undefined if it is not there yet, or is in the snapshot. */
export function entryAt({ snapshot, log }: Log, index: number): Entry | undefined {
  return log[index - snapshot.lastIndex - 1];
}

/** The term of the entry at an index. It is 0 for index 0, and undefined where the log does not know it. */
export function termAt({ snapshot, log }: Log, index: number): number | undefined {
  return index === snapshot.lastIndex ? snapshot.lastTerm : log[index - snapshot.lastIndex - 1]?.term;
}

/** The entries after `index`, which must not be before the snapshot. */
export function entriesAfter({ snapshot, log }: Log, index: number): readonly Entry[] {
  return log.slice(index - snapshot.lastIndex);
}

export function lastOf(state: Log): { readonly lastIndex: number; readonly lastTerm: number } {
  return { lastIndex: lastIndexOf(state), lastTerm: state.log.at(-1)?.term ?? state.snapshot.lastTerm };
}

/** Whether the log of a candidate is at least as up to date as this one (section 5.4.1). */
export function isUpToDate({ lastIndex, lastTerm }: Pick<Vote, 'lastIndex' | 'lastTerm'>, state: Log): boolean {
  const own = lastOf(state);
  return lastTerm > own.lastTerm || (lastTerm === own.lastTerm && lastIndex >= own.lastIndex);
}

/** Whether the log has the entry before an appended one. What is in the snapshot is committed, so the leader has the same. */
export function agrees(state: Log, { previousIndex, previousTerm }: Append): boolean {
  return previousIndex < state.snapshot.lastIndex || termAt(state, previousIndex) === previousTerm;
}

/** The index up to which an append that agrees shows the log to be the leader's. */
export function matchAfter({ snapshot }: Log, { previousIndex, entry }: Append): number {
  return Math.max(snapshot.lastIndex, previousIndex + (entry === undefined ? 0 : 1));
}

/**
 * Whether the log lacks the appended entry, or has one of another term in its place. Only then the entries from there on are replaced. Otherwise an append
 * that arrives late could remove acknowledged entries.
 */
export function lacksEntry(state: Log, { previousIndex, entry }: Append): boolean {
  return entry !== undefined && previousIndex >= state.snapshot.lastIndex && termAt(state, previousIndex + 1) !== entry.term;
}

/** The log with the appended entry. */
export function withEntry(state: Log, input: Append): readonly Entry[] {
  const { previousIndex, entry } = input;
  if (entry === undefined || !lacksEntry(state, input)) return state.log;
  return [...state.log.slice(0, previousIndex - state.snapshot.lastIndex), entry];
}
