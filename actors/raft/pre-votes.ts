/**
 * Pre-vote (section 9.6 of Ongaro's thesis; StatePreCandidate in raft.go of etcd-io/raft).
 *
 * A node whose election timer elapses asks first, and does not raise its term. It becomes a candidate when a majority would vote for it. A member refuses while it
 * has a leader: it forgets its leader when its own election timer elapses, and each append sets this timer anew. So a member that was cut off disturbs nobody.
 */
import { stand } from './elections.ts';
import { isUpToDate, lastOf } from './log.ts';
import { electionTimer, inTerm, isMajority, type Next, type Out } from './terms.ts';
import type { PreVote, PreVoteAnswer, RaftState } from './types.ts';

/** Makes the node a pre-candidate: it asks all others for their pre-votes in the next term. */
export function askForPreVotes(state: RaftState): Next {
  if (state.role === 'leader') return { state, outputs: [] };
  const { config } = state;
  const term = state.term + 1;
  const data: PreVote = { type: 'preVote', term, candidate: config.self, ...lastOf(state) };
  return {
    state: { ...state, role: 'preCandidate', leader: undefined, votes: [config.self] },
    outputs: [
      { type: 'report', event: 'prevote.asked', detail: { term } },
      { type: 'send', to: 'all', data },
      electionTimer(state, state.term),
    ],
  };
}

/** Answers a pre-candidate. The state stays as it is: a pre-vote is no promise. */
export function answerPreVote(state: RaftState, input: PreVote): Next {
  const { term, candidate } = input;
  const isGranted = state.leader === undefined && couldVote(state, input) && isUpToDate(input, state);
  const data: PreVoteAnswer = {
    type: 'preVoteAnswer',
    term: isGranted ? term : state.term,
    voter: state.config.self,
    candidate,
    isGranted,
  };
  const refused: Out = { type: 'report', event: 'prevote.refused', detail: { candidate, term } };
  return { state, outputs: [{ type: 'send', to: [candidate], data }, ...(isGranted ? [] : [refused])] };
}

function couldVote({ term, votedFor }: RaftState, { term: asked, candidate }: PreVote): boolean {
  return asked > term || (asked === term && (votedFor === undefined || votedFor === candidate));
}

/** Counts a pre-vote. With a majority the node becomes a candidate. A refusal in a later term makes it a follower in that term. */
export function preVoted(state: RaftState, { isGranted, term, voter }: PreVoteAnswer): Next {
  if (!isGranted) return inTerm(state, term);
  if (state.role !== 'preCandidate' || term !== state.term + 1) return { state, outputs: [] };
  const next = { ...state, votes: [...state.votes, voter].sort() };
  return isMajority(next.votes, next) ? stand(next) : { state: next, outputs: [] };
}
