/** Elections (sections 5.2 and 5.4.1 of the paper). A vote is both the request of a candidate and the answer of a voter. */
import { isUpToDate, lastIndexOf, lastOf } from './log.ts';
import { membersOf } from './members.ts';
import { appends, ask, commitAll } from './replication.ts';
import { electionTimer, followerOf, heartbeatTimer, inTerm, isMajority, type Next } from './terms.ts';
import type { Entry, RaftState, Vote } from './types.ts';

/** Handles an elapsed election timer: the node begins a new term and votes for itself. This vote is also the request to the others. */
export function stand(state: RaftState): Next {
  if (state.role === 'leader') return { state, outputs: [] };
  const term = state.term + 1;
  const message = { type: 'vote', term, voter: state.config.self, candidate: state.config.self, ...lastOf(state) } as const;
  return {
    state: { ...followerOf(state, term), role: 'candidate' },
    outputs: [{ type: 'say', message }, electionTimer(state, term)],
  };
}

export function vote(before: RaftState, input: Vote): Next {
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
  if (state.role !== 'candidate' || !isMajority(state.votes, state)) return { state, outputs };
  const others = membersOf(state).filter((name) => name !== state.config.self);
  const log: readonly Entry[] = [...state.log, { term: state.term, command: undefined }];
  const last = lastIndexOf({ ...state, log });
  const leading: RaftState = {
    ...state,
    role: 'leader',
    leader: state.config.self,
    log,
    match: Object.fromEntries(others.map((name) => [name, 0])),
    next: Object.fromEntries(others.map((name) => [name, last])),
  };
  const committed = commitAll(leading);
  return {
    state: committed.state,
    outputs: [
      ...outputs,
      { type: 'report', event: 'elected', detail: { term: state.term } },
      { type: 'cancelTimer', timer: 'election' },
      heartbeatTimer,
      ...appends(committed.state),
      ...committed.outputs,
      ask(state.term, last + 1),
    ],
  };
}
