/**
 * Raft's rules: elections and log replication (figure 2 of the paper). The state of a node follows from its logged inputs, so term, vote and log are as
 * durable as these. A leader that restarts continues in its term. Not modelled: snapshots, changes of members.
 */
import { mix, textDigest } from '../../core/digest.ts';
import type { Output, Transition } from '../node/definition.ts';
import type { Ack, Append, Entry, RaftInput, RaftMessage, RaftState, Refusal, Vote } from './types.ts';

type Out = Output<RaftInput, RaftMessage>;
type Next = Transition<RaftState, RaftInput, RaftMessage>;

const heartbeatMs = 20;
const electionMs = 100;

/** Sets the election timer. Its delay depends on node and term, so that votes seldom split. It is not random, because replay must derive the same. */
function electionTimer({ config }: RaftState, term: number): Out {
  const delay = electionMs + (mix(textDigest(config.self), term) % electionMs);
  return { type: 'setTimer', timer: 'election', delay };
}

export function isMajority(count: number, { config }: RaftState): boolean {
  return 2 * count > config.members.length;
}

export function step(state: RaftState, input: RaftInput): Next {
  switch (input.type) {
    case 'start':
      return { state, outputs: [electionTimer(state, state.term)] };
    case 'election':
      return stand(state);
    case 'heartbeat':
      return { state, outputs: [...appends(state), { type: 'setTimer', timer: 'heartbeat', delay: heartbeatMs }] };
    case 'vote':
      return vote(state, input);
    case 'append':
      return append(state, input);
    case 'ack':
      return ack(state, input);
    case 'refusal':
      return refused(state, input);
    case 'command':
      return command(state, input);
  }
}

/** Handles an elapsed election timer: the node begins a new term and votes for itself. This vote is also the request to the others. */
function stand(state: RaftState): Next {
  if (state.role === 'leader') return { state, outputs: [] };
  const term = state.term + 1;
  const message = { type: 'vote', term, voter: state.config.self, candidate: state.config.self, ...lastOf(state) } as const;
  return {
    state: { ...followerOf(state, term), role: 'candidate' },
    outputs: [{ type: 'say', message }, electionTimer(state, term)],
  };
}

function vote(before: RaftState, input: Vote): Next {
  const { self } = before.config;
  const { state, outputs } = inTerm(before, input.term);
  if (input.voter === self) {
    const votes = input.candidate === self ? [self] : [];
    return elected({ state: { ...state, votedFor: input.candidate, votes }, outputs });
  }
  if (input.candidate === self) {
    if (state.role !== 'candidate') return { state, outputs };
    return elected({ state: { ...state, votes: [...state.votes, input.voter].sort() }, outputs });
  }
  if (input.voter !== input.candidate || state.votedFor !== undefined || !isUpToDate(input, state)) return { state, outputs };
  const { term, candidate, lastIndex, lastTerm } = input;
  const message = { type: 'vote', term, voter: self, candidate, lastIndex, lastTerm } as const;
  return { state, outputs: [...outputs, { type: 'say', message }, electionTimer(state, term)] };
}

/** Makes a candidate with a majority the leader. It begins its term with an empty entry, and asks the application for the first command. */
function elected({ state, outputs }: Next): Next {
  if (state.role !== 'candidate' || !isMajority(state.votes.length, state)) return { state, outputs };
  const others = state.config.members.filter((name) => name !== state.config.self);
  const log: readonly Entry[] = [...state.log, { term: state.term, command: undefined }];
  const leading: RaftState = {
    ...state,
    role: 'leader',
    leader: state.config.self,
    log,
    match: Object.fromEntries(others.map((name) => [name, 0])),
    next: Object.fromEntries(others.map((name) => [name, log.length])),
  };
  const committed = commitAll(leading);
  return {
    state: committed.state,
    outputs: [
      ...outputs,
      { type: 'report', event: 'elected', detail: { term: state.term } },
      { type: 'cancelTimer', timer: 'election' },
      { type: 'setTimer', timer: 'heartbeat', delay: heartbeatMs },
      ...appends(committed.state),
      ...committed.outputs,
      ask(state.term, log.length + 1),
    ],
  };
}

function ask(term: number, index: number): Out {
  return { type: 'ask', key: `command/${term}/${index}`, request: { term, index } };
}

function command(state: RaftState, { key, command: text }: RaftInput & { readonly type: 'command' }): Next {
  const wanted = `command/${state.term}/${state.log.length + 1}`;
  // The answer is out of date: the node is not the leader now, or its term or log has moved on.
  if (state.role !== 'leader' || key !== wanted) return { state, outputs: [] };
  return commitAll({ ...state, log: [...state.log, { term: state.term, command: text }] });
}

function append(before: RaftState, input: Append): Next {
  if (input.term < before.term) return { state: before, outputs: [refusal(before, input)] };
  const { state: present, outputs } = inTerm(before, input.term);
  const state: RaftState = { ...present, role: 'follower', leader: input.leader };
  const timer = electionTimer(state, state.term);
  if (!agrees(state, input)) return { state, outputs: [...outputs, timer, refusal(state, input)] };
  const log = withEntry(state.log, input);
  const match = input.previousIndex + (input.entry === undefined ? 0 : 1);
  const commit = Math.max(state.commit, Math.min(input.commit, match));
  const acked = state.acked;
  const isSaid = acked?.term === state.term && acked.match >= match;
  const answer: Out =
    acked !== undefined && isSaid
      ? { type: 'announce', data: acked }
      : { type: 'say', message: { type: 'ack', term: state.term, follower: state.config.self, match } };
  return {
    state: log === state.log && commit === state.commit ? state : { ...state, log, commit },
    outputs: [...outputs, timer, answer, ...committedFrom(state.commit, commit)],
  };
}

function ack(state: RaftState, input: Ack): Next {
  if (input.follower === state.config.self) return { state: { ...state, acked: input }, outputs: [] };
  if (state.role !== 'leader' || input.term !== state.term) return { state, outputs: [] };
  const match = { ...state.match, [input.follower]: input.match };
  const next = { ...state.next, [input.follower]: input.match + 1 };
  return commitAll({ ...state, match, next });
}

function refused(before: RaftState, input: Refusal): Next {
  const { state, outputs } = inTerm(before, input.term);
  if (state.role !== 'leader' || input.term !== before.term) return { state, outputs };
  return { state: { ...state, next: { ...state.next, [input.follower]: input.hint + 1 } }, outputs };
}

/** A leader commits entries of its own term that a majority has, together with all entries before them (section 5.4.2). */
function commitAll(state: RaftState): Next {
  const index = majorityIndex(state);
  if (index <= state.commit || state.log[index - 1]?.term !== state.term) return { state, outputs: [] };
  const asks = index === state.log.length ? [ask(state.term, index + 1)] : [];
  const isFirst = state.log[index - 1]?.command === undefined;
  return { state: { ...state, commit: index }, outputs: [...committedFrom(state.commit, index), ...(isFirst ? [] : asks)] };
}

/** The index of the highest entry that a majority has, including the leader. */
export function majorityIndex({ log, match, config }: RaftState): number {
  const held = [log.length, ...Object.values(match)].sort((a, b) => b - a);
  return held[Math.floor(config.members.length / 2)] ?? 0;
}

export function committedFrom(before: number, after: number): readonly Out[] {
  return after > before ? [{ type: 'report', event: 'committed', detail: { index: after } }] : [];
}

/** Sends each member its next entry, or a heartbeat without one. */
function appends({ config, term, log, commit, next, role }: RaftState): readonly Out[] {
  if (role !== 'leader') return [];
  return Object.entries(next).map(([to, index]): Out => {
    const previousTerm = log[index - 2]?.term ?? 0;
    const entry = log[index - 1];
    const data: Append = { type: 'append', term, leader: config.self, to, previousIndex: index - 1, previousTerm, entry, commit };
    return { type: 'announce', data };
  });
}

function refusal({ term, config, log }: RaftState, { leader, previousIndex }: Append): Out {
  const hint = Math.max(0, Math.min(log.length, previousIndex - 1));
  const data: Refusal = { type: 'refusal', term, follower: config.self, to: leader, hint };
  return { type: 'send', to: [leader], data };
}

/** Handles the term of a message: with a later term the node becomes a follower in that term. */
function inTerm(state: RaftState, term: number): Next {
  if (term <= state.term) return { state, outputs: [] };
  const outputs: readonly Out[] =
    state.role === 'leader' ? [{ type: 'cancelTimer', timer: 'heartbeat' }, electionTimer(state, term)] : [];
  return { state: followerOf(state, term), outputs };
}

function followerOf(state: RaftState, term: number): RaftState {
  return { ...state, term, role: 'follower', votedFor: undefined, leader: undefined, votes: [], match: {}, next: {} };
}

function lastOf({ log }: RaftState): { readonly lastIndex: number; readonly lastTerm: number } {
  return { lastIndex: log.length, lastTerm: log.at(-1)?.term ?? 0 };
}

function isUpToDate({ lastIndex, lastTerm }: Vote, state: RaftState): boolean {
  const own = lastOf(state);
  return lastTerm > own.lastTerm || (lastTerm === own.lastTerm && lastIndex >= own.lastIndex);
}

export function agrees({ log }: RaftState, { previousIndex, previousTerm }: Append): boolean {
  return previousIndex === 0 || log[previousIndex - 1]?.term === previousTerm;
}

/** Adds an entry to the log. The entries after its place are removed only if the log has an entry of another term there. Otherwise an append that arrives late could remove acknowledged entries. */
function withEntry(log: readonly Entry[], { previousIndex, entry }: Append): readonly Entry[] {
  if (entry === undefined || log[previousIndex]?.term === entry.term) return log;
  return [...log.slice(0, previousIndex), entry];
}
