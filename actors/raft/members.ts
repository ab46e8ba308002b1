/**
 * Changes of members, one member at a time (chapter 4 of Ongaro's thesis; `pendingConfIndex` in raft.go of etcd-io/raft).
 *
 * The members are those of the newest entry in a node's log that changes them, committed or not. A leader may append such an entry only if it has committed an
 * entry of its own term, and the change before is committed. Without the first condition two leaders may count majorities that share no member (Ongaro,
 * raft-dev, "bug in single-server membership changes", 2015).
 */
import { entryAt, lastIndexOf, termAt } from './log.ts';
import type { Entry, MemberChange, Membership, RaftState } from './types.ts';

type Known = Pick<RaftState, 'config' | 'snapshot' | 'log'>;

/** The members, as this node's log has them. */
export function membersOf(state: Known): readonly string[] {
  return state.config.changes === undefined ? state.config.members : membershipAt(state, lastIndexOf(state)).members;
}

/** The members after the entry at `index`, which must not be before the snapshot. */
export function membershipAt({ config, snapshot, log }: Known, index: number): Membership {
  const last = log.findLast(({ membership }, place) => membership !== undefined && snapshot.lastIndex + place + 1 <= index);
  return last?.membership ?? snapshot.membership ?? { members: config.members, changes: 0 };
}

/** The index of the newest entry that changes the members. An entry that is in the snapshot counts as its last; 0 if there was none. */
function changedAt({ snapshot, log }: Known): number {
  const place = log.findLastIndex(({ membership }) => membership !== undefined);
  if (place !== -1) return snapshot.lastIndex + place + 1;
  return snapshot.membership === undefined ? 0 : snapshot.lastIndex;
}

/** The next change, if its time has come and the leader may make it now. */
export function nextMembership(state: RaftState): Membership | undefined {
  const { config, commit, term } = state;
  if (config.changes === undefined) return undefined;
  const { members, changes } = membershipAt(state, lastIndexOf(state));
  const change = config.changes[changes];
  const isDue = change !== undefined && change.after <= lastIndexOf(state);
  if (!isDue || changedAt(state) > commit || termAt(state, commit) !== term) return undefined;
  return { members: changed(members, change), changes: changes + 1 };
}

function changed(members: readonly string[], { add, remove }: MemberChange): readonly string[] {
  const left = members.filter((name) => name !== remove);
  return add === undefined || left.includes(add) ? left : [...left, add];
}

/** The entries that change members, among those at `from` and up to `to`, with their indices. */
export function changesIn(state: RaftState, from: number, to: number): readonly (readonly [index: number, Membership])[] {
  const found: (readonly [number, Membership])[] = [];
  for (let index = from; index <= to; index += 1) {
    const entry: Entry | undefined = entryAt(state, index);
    if (entry?.membership !== undefined) found.push([index, entry.membership]);
  }
  return found;
}

/**
 * Whether a node may ask for votes: it is a member, or the entry that removes it may yet be lost. In the second case its log can be the only one that is up to
 * date (section 4.2.2 of the thesis).
 */
export function mayStand(state: RaftState): boolean {
  const { config, commit } = state;
  return config.changes === undefined || membersOf(state).includes(config.self) || changedAt(state) > commit;
}

/** Whether a leader is removed by an entry that is committed: it must step down. */
export function isRemoved(state: RaftState): boolean {
  return state.config.changes !== undefined && !mayStand(state);
}

/**
 * The leader's tables for the present members. A member that was added begins with an empty log. One that was removed stays until its removal is committed
 * and in its log, or it would go on asking for votes.
 */
export function withPeers(state: RaftState): RaftState {
  const { config, match, next, commit } = state;
  if (config.changes === undefined) return state;
  const members = membersOf(state);
  const index = changedAt(state);
  const kept = Object.entries(match).filter(([name, known]) => members.includes(name) || index > commit || known < index);
  const added = members.filter((name) => name !== config.self && !Object.hasOwn(match, name));
  return {
    ...state,
    match: Object.fromEntries([...kept, ...added.map((name) => [name, 0] as const)]),
    next: Object.fromEntries([
      ...kept.map(([name]) => [name, next[name] ?? index] as const),
      ...added.map((name) => [name, index] as const),
    ]),
  };
}
