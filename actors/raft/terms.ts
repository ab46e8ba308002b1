/** Terms, timers and majorities: what elections, replication and snapshots share. */
import { mix, textDigest } from '../../core/digest.ts';
import type { Output, Transition } from '../node/definition.ts';
import { membersOf } from './members.ts';
import type { RaftInput, RaftMessage, RaftState } from './types.ts';

export type Out = Output<RaftInput, RaftMessage>;
export type Next = Transition<RaftState, RaftInput, RaftMessage>;

const electionMs = 100;
const heartbeatMs = 20;

/** Sets the election timer. Its delay depends on node and term, so that votes seldom split. It is not random, because replay must derive the same. */
export function electionTimer({ config }: RaftState, term: number): Out {
  const delay = electionMs + (mix(textDigest(config.self), term) % electionMs);
  return { type: 'setTimer', timer: 'election', delay };
}

export const heartbeatTimer: Out = { type: 'setTimer', timer: 'heartbeat', delay: heartbeatMs };

/** Whether these nodes have a majority of the members among them. */
export function isMajority(names: readonly string[], state: RaftState): boolean {
  const members = membersOf(state);
  return 2 * names.filter((name) => members.includes(name)).length > members.length;
}

/** Handles the term of a message: with a later term the node becomes a follower in that term. */
export function inTerm(state: RaftState, term: number): Next {
  if (term <= state.term) return { state, outputs: [] };
  const outputs: readonly Out[] =
    state.role === 'leader' ? [{ type: 'cancelTimer', timer: 'heartbeat' }, electionTimer(state, term)] : [];
  return { state: followerOf(state, term), outputs };
}

export function followerOf(state: RaftState, term: number): RaftState {
  return { ...state, term, role: 'follower', votedFor: undefined, leader: undefined, votes: [], match: {}, next: {} };
}
