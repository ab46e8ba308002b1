/**
 * `by-majority`: a leader has the votes of a majority of the members, and an entry is committed when a majority of the members has acknowledged it. The members
 * are those of the newest change in the leader's log. Votes and acknowledgements are those that were delivered to it, and not what its state says of them.
 *
 * `one-change`: a leader changes the members by one, when the change before and an entry of its own term are committed (chapter 4 of Ongaro's thesis, and its
 * correction on raft-dev in 2015).
 */
import type { Ack, RaftState, Vote } from '../../actors/raft/types.ts';
import type { Monitor, Observer, Property, RunEvent } from '../../core/events.ts';
import { own } from '../../core/own.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { type ChangeSeen, changesIn, isMajorityOf, membersAt, membersIn, termOf } from './membership.ts';
import { type Rule, stateMonitor, stateOf } from './state-rules.ts';

/** What a node has heard in a term, over all its lives. */
interface HeardInTerm {
  /** Those that voted for the node. */
  readonly voters: readonly string[];
  /** By follower: the highest index that it has acknowledged. */
  readonly acks: Readonly<Record<string, number>>;
}

/** The last state of a node that was judged. */
interface Led {
  readonly term: number;
  readonly isLeader: boolean;
  readonly commit: number;
}

interface Memory extends Judged {
  /** By node and term. */
  readonly heard: Readonly<Record<string, HeardInTerm>>;
  readonly led: Readonly<Record<string, Led>>;
}

const nothingHeard: HeardInTerm = { voters: [], acks: {} };

const byMajority: Monitor<Memory> = {
  watches: ['deliver consensus'],
  start: { ...unjudged, heard: {}, led: {} },
  look: (memory, event, observer) => afterDelivered(judged(memory, event, observer), event),
  finish: (memory) => verdictOf(memory, 'nobody was elected'),
  relevant: relevantOf,
};

function afterDelivered(memory: Memory, event: RunEvent): Memory {
  if (event.type !== 'deliver' || event.message.type !== 'input') return memory;
  const { node } = event;
  const { type, term, voter, candidate, follower, match } = (event.message as unknown as { readonly input: Vote & Ack }).input;
  const key = `${term} ${node}`;
  const before = own(memory.heard, key) ?? nothingHeard;
  const isVote = String(type) === 'vote' && candidate === node && !before.voters.includes(voter);
  if (isVote) return { ...memory, heard: { ...memory.heard, [key]: { ...before, voters: [...before.voters, voter].sort() } } };
  if (String(type) !== 'ack' || match <= (own(before.acks, follower) ?? 0)) return memory;
  return { ...memory, heard: { ...memory.heard, [key]: { ...before, acks: { ...before.acks, [follower]: match } } } };
}

/** Judges the present state of the event's node. An event is shown before its step, so a new state is seen at the next event of its node. */
function judged(memory: Memory, { node, index }: RunEvent, observer: Observer): Memory {
  const state = stateOf(observer, node);
  if (state === undefined || observer.isFaulty(node)) return memory;
  const before = own(memory.led, node);
  const isLeader = state.role === 'leader';
  if (before?.term === state.term && before.isLeader === isLeader && before.commit === state.commit) return memory;
  const next = { ...memory, led: { ...memory.led, [node]: { term: state.term, isLeader, commit: state.commit } } };
  // A leader that commits its own removal steps down in the same step. In its term nobody else can have committed the entry for it.
  const hasLed = isLeader || (before?.isLeader === true && before.term === state.term);
  if (!hasLed) return next;
  const what = wrongIn(state, node, own(memory.heard, `${state.term} ${node}`) ?? nothingHeard, before);
  const exercised = { ...next, isExercised: true };
  return what === undefined
    ? exercised
    : withViolation(exercised, { message: `${node} ${what}`, event: index, nodes: [node], height: 1 });
}

function wrongIn(state: RaftState, node: string, { voters, acks }: HeardInTerm, before: Led | undefined): string | undefined {
  const { term, commit } = state;
  const members = membersIn(state);
  const isElected = before?.term !== term || !before.isLeader;
  if (isElected && !isMajorityOf(members, [node, ...voters]))
    return `leads term ${term} with the votes of ${named([node, ...voters])}, which are no majority of ${named(members)}`;
  // Entries of earlier terms are committed with the first entry of this term.
  if (commit <= (before?.commit ?? 0) || termOf(state, commit) !== term) return undefined;
  const holders = [node, ...Object.keys(acks).filter((name) => (own(acks, name) ?? 0) >= commit)];
  if (isMajorityOf(members, holders)) return undefined;
  return `committed entry ${commit}, which only ${named(holders)} had, and these are no majority of ${named(members)}`;
}

function named(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ');
}

export const byMajorityProperty: Property = {
  name: 'by-majority',
  says: 'a leader has the votes, and a committed entry the acknowledgements, of a majority of the members in the log of the leader',
  hint: 'a node uses the newest members in its log, committed or not; a leader that is no member does not count itself',
  monitor: () => byMajority,
};

const oneChange: Rule<null> = {
  start: null,
  unexercised: 'nobody changed the members',
  look: (notes, node, state, _states, before) => {
    if (state.role !== 'leader' || before?.term !== state.term) return { notes, isExercised: false };
    const known = changesIn(before);
    const added = changesIn(state).filter(
      ({ index, term }) => term === state.term && !known.some((one) => one.index === index && one.term === term),
    );
    const what = added.map((change) => wrongChange(change, before, state)).find((one) => one !== undefined);
    const isExercised = added.length > 0;
    if (what === undefined) return { notes, isExercised };
    return { notes, isExercised, wrong: { message: `${node} ${what}`, nodes: [node] } };
  },
};

function wrongChange({ index, members }: ChangeSeen, before: RaftState, state: RaftState): string | undefined {
  const former = membersAt(state, index - 1);
  const differ = [...former.filter((name) => !members.includes(name)), ...members.filter((name) => !former.includes(name))];
  const what = `changed the members at entry ${index}`;
  if (differ.length !== 1) return `${what} by ${differ.length} at once: ${named(differ)}`;
  const open = changesIn(state).findLast((one) => one.index < index && one.index > before.commit);
  if (open !== undefined) return `${what} while the change at entry ${open.index} was not committed`;
  if (termOf(before, before.commit) !== state.term) return `${what} before it had committed an entry of its term ${state.term}`;
  return undefined;
}

export const oneChangeProperty: Property = {
  name: 'one-change',
  says: 'a leader adds or removes one member, and only when the change before and an entry of its own term are committed',
  hint: 'two changes at once, or a change by a leader that has committed nothing yet, give majorities without a common member',
  monitor: () => stateMonitor(oneChange),
};
