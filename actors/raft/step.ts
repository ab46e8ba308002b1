/**
 * Raft's rules: figure 2 of the paper, snapshots, pre-votes and changes of members. The state of a node follows from its logged inputs, so term, vote, log and
 * state machine are as durable as these. A leader that restarts continues in its term.
 */
import { stand, vote } from './elections.ts';
import { mayStand } from './members.ts';
import { answerPreVote, askForPreVotes, preVoted } from './pre-votes.ts';
import { ack, append, appends, command, refused } from './replication.ts';
import { compact, install, resumed } from './snapshots.ts';
import { electionTimer, heartbeatTimer, type Next } from './terms.ts';
import type { RaftInput, RaftState } from './types.ts';

export function step(state: RaftState, input: RaftInput): Next {
  switch (input.type) {
    case 'start':
      if (input.checkpoint !== undefined) return resumed(state.config, input.checkpoint);
      return { state, outputs: [electionTimer(state, state.term)] };
    case 'election':
      // A node that is no member asks for no votes. But it must not refuse pre-votes because of a leader that is gone.
      if (!mayStand(state)) return { state: { ...state, leader: undefined }, outputs: [] };
      return state.config.preVote === true ? askForPreVotes(state) : stand(state);
    case 'preVote':
      return answerPreVote(state, input);
    case 'preVoteAnswer':
      return preVoted(state, input);
    case 'heartbeat':
      return { state, outputs: [...appends(state), heartbeatTimer] };
    case 'compact':
      return compact(state);
    case 'vote':
      return vote(state, input);
    case 'append':
      return append(state, input);
    case 'snapshot':
      return install(state, input);
    case 'ack':
      return ack(state, input);
    case 'refusal':
      return refused(state, input);
    case 'command':
      return command(state, input);
  }
}
