/** Replication and commitment (sections 5.3 and 5.4.2 of the paper), with one entry in a message. */

import { own } from '../../core/own.ts';
import { agrees, entriesAfter, entryAt, lastIndexOf, matchAfter, termAt, withEntry } from './log.ts';
import { applied } from './machine.ts';
import { changesIn, isRemoved, membersOf, nextMembership, withPeers } from './members.ts';
import { electionTimer, inTerm, type Next, type Out } from './terms.ts';
import type { Ack, Append, InstallSnapshot, RaftInput, RaftState, Refusal } from './types.ts';

export function ask(term: number, index: number): Out {
  return { type: 'ask', key: `command/${term}/${index}`, request: { term, index } };
}

export function command(state: RaftState, { key, command: text }: RaftInput & { readonly type: 'command' }): Next {
  const wanted = `command/${state.term}/${lastIndexOf(state) + 1}`;
  // The answer is out of date: the node is not the leader now, or its term or log has moved on.
  if (state.role !== 'leader' || key !== wanted) return { state, outputs: [] };
  const membership = nextMembership(state);
  const { term } = state;
  if (membership === undefined) return commitAll({ ...state, log: [...state.log, { term, command: text }] });
  // The application's command is dropped: it is asked again for the next entry.
  return commitAll(withPeers({ ...state, log: [...state.log, { term, command: undefined, membership }] }));
}

export function append(before: RaftState, input: Append): Next {
  if (input.term < before.term) return { state: before, outputs: [refusal(before, input.leader, input.previousIndex)] };
  const { state: present, outputs } = inTerm(before, input.term);
  const state: RaftState = { ...present, role: 'follower', leader: input.leader };
  const timer = electionTimer(state, state.term);
  if (!agrees(state, input)) return { state, outputs: [...outputs, timer, refusal(state, input.leader, input.previousIndex)] };
  const log = withEntry(state, input);
  const match = matchAfter(state, input);
  const commit = committed(log === state.log ? state : { ...state, log }, Math.min(input.commit, match));
  return { state: commit.state, outputs: [...outputs, timer, acknowledgement(state, match), ...commit.outputs] };
}

/** Acknowledges the log up to `match`. An ack of this term that says as much is sent again. */
export function acknowledgement({ acked, term, config }: RaftState, match: number): Out {
  return acked !== undefined && acked.term === term && acked.match >= match
    ? { type: 'announce', data: acked }
    : { type: 'say', message: { type: 'ack', term, follower: config.self, match } };
}

export function ack(state: RaftState, input: Ack): Next {
  if (input.follower === state.config.self) return { state: { ...state, acked: input }, outputs: [] };
  if (state.role !== 'leader' || input.term !== state.term) return { state, outputs: [] };
  const match = { ...state.match, [input.follower]: input.match };
  const next = { ...state.next, [input.follower]: input.match + 1 };
  return commitAll(withPeers({ ...state, match, next }));
}

export function refused(before: RaftState, input: Refusal): Next {
  const { state, outputs } = inTerm(before, input.term);
  if (state.role !== 'leader' || input.term !== before.term) return { state, outputs };
  return { state: { ...state, next: { ...state.next, [input.follower]: input.hint + 1 } }, outputs };
}

/** A leader commits entries of its own term that a majority has, together with all entries before them (section 5.4.2). */
export function commitAll(state: RaftState): Next {
  const index = majorityIndex(state);
  if (index <= state.commit || termAt(state, index) !== state.term) return { state, outputs: [] };
  const asks = index === lastIndexOf(state) ? [ask(state.term, index + 1)] : [];
  const entry = entryAt(state, index);
  const isFirst = entry?.command === undefined && entry?.membership === undefined;
  const { state: next, outputs } = committed(state, index);
  if (isRemoved(next)) return steppedDown(next, outputs);
  return { state: next, outputs: [...outputs, ...(isFirst ? [] : asks)] };
}

/** A leader that has committed its own removal is a follower from then on. */
function steppedDown(state: RaftState, outputs: readonly Out[]): Next {
  return {
    state: { ...state, role: 'follower', leader: undefined, votes: [], match: {}, next: {} },
    outputs: [...outputs, { type: 'cancelTimer', timer: 'heartbeat' }],
  };
}

/** The index of the highest entry that a majority of the members has. A leader that is being removed does not count. */
export function majorityIndex(state: RaftState): number {
  const { self } = state.config;
  const members = membersOf(state);
  const held = members.map((name) => (name === self ? lastIndexOf(state) : (own(state.match, name) ?? 0)));
  return held.sort((a, b) => b - a)[Math.floor(members.length / 2)] ?? 0;
}

/** Commits the entries up to `index`, and applies them. When enough were applied since the last snapshot, it sets the timer of the next. */
export function committed(state: RaftState, index: number): Next {
  if (index <= state.commit) return { state, outputs: [] };
  const entries = entriesAfter(state, state.machine.applied).slice(0, index - state.machine.applied);
  const next = { ...state, commit: index, machine: applied(state.machine, entries) };
  const reports: readonly Out[] = [{ type: 'report', event: 'committed', detail: { index } }, ...changeReports(state, index)];
  return { state: next, outputs: isCompactionDue(next) ? [...reports, compactTimer] : reports };
}

function changeReports(state: RaftState, to: number): readonly Out[] {
  const { changes } = state.config;
  if (changes === undefined) return [];
  return changesIn(state, state.commit + 1, to).map(([index, { changes: count }]): Out => {
    const { add, remove } = changes[count - 1] ?? {};
    const event = add === undefined ? 'member.removed' : 'member.added';
    return { type: 'report', event, detail: { index, member: add ?? remove } };
  });
}

/** A snapshot is taken in a step of its own, so that it has crash points of its own. */
const compactTimer: Out = { type: 'setTimer', timer: 'compact', delay: 1 };

/** Whether enough entries were applied since the last snapshot. A candidate waits: it must be able to ask for votes again. */
export function isCompactionDue({ config, machine, snapshot, role, isCompacting }: RaftState): boolean {
  const { snapshotEvery } = config;
  if (snapshotEvery === undefined || isCompacting || role === 'candidate') return false;
  return machine.applied - snapshot.lastIndex >= snapshotEvery;
}

/** Sends each member its next entry, or a heartbeat without one. A member whose next entry is in the snapshot gets the snapshot. */
export function appends(state: RaftState): readonly Out[] {
  if (state.role !== 'leader') return [];
  const { config, term, commit, next, snapshot } = state;
  return Object.entries(next).map(([to, index]): Out => {
    const install: InstallSnapshot = { type: 'snapshot', term, leader: config.self, to, snapshot };
    if (index <= snapshot.lastIndex) return { type: 'announce', data: install };
    const previousTerm = termAt(state, index - 1) ?? 0;
    const entry = entryAt(state, index);
    const data: Append = { type: 'append', term, leader: config.self, to, previousIndex: index - 1, previousTerm, entry, commit };
    return { type: 'announce', data };
  });
}

export function refusal(state: RaftState, leader: string, previousIndex: number): Out {
  const { term, config } = state;
  const hint = Math.max(0, Math.min(lastIndexOf(state), previousIndex - 1));
  const data: Refusal = { type: 'refusal', term, follower: config.self, to: leader, hint };
  return { type: 'send', to: [leader], data };
}
