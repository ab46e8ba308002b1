/** Broken Raft nodes whose pre-votes disturb a leader. Each is the honest node with one part replaced. */
import type { RaftInput, RaftState } from '../actors/raft/index.ts';
import type { Exhibit } from './exhibit.ts';
import { redefined } from './redefined.ts';

const thesis = "section 9.6 of Ongaro's thesis";

export const raftPreVoteRaisesTerm: Exhibit = {
  name: 'raft-pre-vote-raises-term',
  protocol: 'raft',
  bug: 'A pre-candidate raises its term when it asks: a member that was cut off comes back with a high term, and its leader steps down.',
  source: `${thesis}; hashicorp/raft pull request 530 brought pre-votes because of such members`,
  rule: 'Raft: a pre-candidate does not raise its term',
  expected: ['pre-vote-first'],
  parts: redefined<RaftState, RaftInput>((honest) => ({
    step: (state, input) => {
      if (input.type !== 'election' || state.role === 'leader') return honest.step(state, input);
      return honest.step({ ...state, term: state.term + 1, votedFor: undefined }, input);
    },
  })),
};

export const raftPreVoteIgnoresLeader: Exhibit = {
  name: 'raft-pre-vote-ignores-leader',
  protocol: 'raft',
  bug: 'A pre-vote is decided by the log alone: a member that hears its leader, and the leader itself, grant it.',
  source: `${thesis}; sofastack/sofa-jraft issue 15: a member that was cut off gets the pre-vote of the leader, and stands`,
  rule: 'Raft: a member that has a leader grants no pre-vote',
  expected: ['pre-vote-lease'],
  parts: redefined<RaftState, RaftInput>((honest) => ({
    step: (state, input) => {
      if (input.type !== 'preVote') return honest.step(state, input);
      return { state, outputs: honest.step({ ...state, leader: undefined }, input).outputs };
    },
  })),
};
