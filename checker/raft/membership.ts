/** The checker's own reading of the members of a Raft cluster, from the states of nodes. */
import type { Entry, RaftConfig, RaftState } from '../../actors/raft/types.ts';
import type { Setting } from '../../core/events.ts';
import { entryOf } from './state-rules.ts';

export interface ChangeSeen {
  readonly index: number;
  readonly term: number;
  readonly members: readonly string[];
}

export function changesMembers({ configurations }: Setting): boolean {
  return [...configurations.values()].some((config) => (config as RaftConfig).changes !== undefined);
}

/** The entries of a log that change the members, with their indices. Those in the snapshot are not among them. */
export function changesIn({ log, snapshot }: RaftState): readonly ChangeSeen[] {
  return log.flatMap(({ term, membership }: Entry, place): readonly ChangeSeen[] =>
    membership === undefined ? [] : [{ index: snapshot.lastIndex + place + 1, term, members: membership.members }],
  );
}

/** The members that the entries up to `index` give. */
export function membersAt(state: RaftState, index: number): readonly string[] {
  const change = changesIn(state).findLast((one) => one.index <= index);
  return change?.members ?? state.snapshot.membership?.members ?? state.config.members;
}

/** The members that the whole log gives, committed or not: a node uses them at once. */
export function membersIn(state: RaftState): readonly string[] {
  return membersAt(state, Number.POSITIVE_INFINITY);
}

/** The term of the entry at an index; 0 where the log does not show it. */
export function termOf(state: RaftState, index: number): number {
  return index === state.snapshot.lastIndex ? state.snapshot.lastTerm : (entryOf(state, index)?.term ?? 0);
}

export function isMajorityOf(members: readonly string[], names: Iterable<string>): boolean {
  const those = new Set(names);
  return 2 * members.filter((name) => those.has(name)).length > members.length;
}
