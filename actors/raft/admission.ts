/** Which inputs are logged, pass, or are dropped. Inputs that change the state are logged. */
import { own } from '../../core/own.ts';
import type { Admission } from '../node/definition.ts';
import { agrees, lacksEntry, matchAfter } from './log.ts';
import { mayStand } from './members.ts';
import { isCompactionDue } from './replication.ts';
import type { Append, InstallSnapshot, PreVoteAnswer, RaftInput, RaftState, Vote } from './types.ts';

/** Inputs that change the state are logged. Others, such as heartbeats and late refusals, pass or are dropped. Between two segments nothing is logged. */
export function admit(state: RaftState, input: RaftInput): Admission {
  const admission = admissionOf(state, input);
  return state.isCompacting && admission === 'log' ? 'drop' : admission;
}

function admissionOf(state: RaftState, input: RaftInput): Admission {
  const { self } = state.config;
  switch (input.type) {
    case 'election':
      return state.role === 'leader' || (state.leader === undefined && !mayStand(state)) ? 'drop' : 'log';
    case 'heartbeat':
      return state.role === 'leader' ? 'pass' : 'drop';
    case 'compact':
      return isCompactionDue(state) ? 'log' : 'drop';
    case 'vote':
      return isNewVote(state, input) ? 'log' : 'drop';
    case 'preVote':
      return input.candidate === self ? 'drop' : 'pass';
    case 'preVoteAnswer':
      return input.candidate === self && isNewAnswer(state, input) ? 'log' : 'drop';
    case 'append':
      if (input.to !== self) return 'drop';
      return input.term >= state.term && isNewAppend(state, input) ? 'log' : 'pass';
    case 'snapshot':
      if (input.to !== self) return 'drop';
      return input.term >= state.term && isNewSnapshot(state, input) ? 'log' : 'pass';
    case 'ack':
      return state.role === 'leader' && input.term === state.term && input.match > (own(state.match, input.follower) ?? 0)
        ? 'log'
        : 'drop';
    case 'refusal': {
      if (input.to !== self || input.term < state.term) return 'drop';
      // A late refusal must not lower an index that was acknowledged since.
      const isNews =
        input.hint + 1 < (own(state.next, input.follower) ?? 0) && input.hint >= (own(state.match, input.follower) ?? 0);
      return input.term > state.term || (state.role === 'leader' && isNews) ? 'log' : 'drop';
    }
    default:
      return 'log';
  }
}

function isNewVote(state: RaftState, { term, voter, candidate }: Vote): boolean {
  if (voter === state.config.self || term < state.term) return false;
  if (candidate === state.config.self) return term === state.term && state.role === 'candidate' && !state.votes.includes(voter);
  return voter === candidate && (term > state.term || state.votedFor === undefined);
}

function isNewAnswer({ role, term, votes }: RaftState, answer: PreVoteAnswer): boolean {
  if (!answer.isGranted) return answer.term > term;
  return role === 'preCandidate' && answer.term === term + 1 && !votes.includes(answer.voter);
}

function isNewAppend(state: RaftState, input: Append): boolean {
  if (isNewLeader(state, input)) return true;
  if (!agrees(state, input)) return false;
  const match = matchAfter(state, input);
  return lacksEntry(state, input) || Math.min(input.commit, match) > state.commit || !isAcknowledged(state, match);
}

function isNewSnapshot(state: RaftState, input: InstallSnapshot): boolean {
  const { lastIndex } = input.snapshot;
  return isNewLeader(state, input) || lastIndex > state.commit || !isAcknowledged(state, state.commit);
}

function isNewLeader(state: RaftState, { term, leader }: Append | InstallSnapshot): boolean {
  return term > state.term || state.role !== 'follower' || state.leader !== leader;
}

function isAcknowledged({ acked, term }: RaftState, match: number): boolean {
  return acked?.term === term && acked.match >= match;
}
