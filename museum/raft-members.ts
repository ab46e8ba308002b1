/** Broken Raft nodes that change their members too early, count the wrong ones, or forget them. Each is the honest node with one part replaced. */

import type { Transition } from '../actors/node/index.ts';
import {
  committed,
  lastIndexOf,
  membershipAt,
  membersOf,
  type RaftInput,
  type RaftMessage,
  type RaftState,
  termAt,
} from '../actors/raft/index.ts';
import type { Exhibit } from './exhibit.ts';
import { takenWith } from './raft-snapshots.ts';
import { redefined } from './redefined.ts';

const thesis = "chapter 4 of Ongaro's thesis";

type Next = Transition<RaftState, RaftInput, RaftMessage>;

export const raftChangeTooEarly: Exhibit = {
  name: 'raft-change-too-early',
  protocol: 'raft',
  bug: 'A leader changes the members before it has committed an entry of its own term: a change of the leader before may still be committed too.',
  source: 'Ongaro on raft-dev, 2015: a bug in single-server membership changes; atomix/copycat issue 23 had it',
  rule: 'Raft: a leader changes the members only after it has committed an entry of its term',
  expected: ['one-change'],
  parts: redefined<RaftState, RaftInput>((honest) => ({
    step: (state, input) => {
      if (input.type !== 'command' || state.role !== 'leader' || termAt(state, state.commit) === state.term)
        return honest.step(state, input);
      const { state: next, outputs } = honest.step({ ...state, commit: lastIndexOf(state) }, input);
      return { state: { ...next, commit: state.commit }, outputs };
    },
  })),
};

export const raftMembersWhenCommitted: Exhibit = {
  name: 'raft-members-when-committed',
  protocol: 'raft',
  bug: 'A leader counts the members before a change until the change is committed: it commits entries that no majority of the new members has.',
  source: `${thesis}, section 4.1; camunda/camunda pull request 62837: after a restart nodes used the last committed members, and not the newest in the log`,
  rule: 'Raft: a node uses the newest members in its log, committed or not',
  expected: ['by-majority'],
  parts: redefined<RaftState, RaftInput, RaftMessage>((honest) => ({
    step: (state, input) => countedBy(honest.step(state, input), input, (next) => membershipAt(next, next.commit).members),
  })),
};

export const raftRemovedLeaderCounts: Exhibit = {
  name: 'raft-removed-leader-counts',
  protocol: 'raft',
  bug: 'A leader that is being removed counts itself among those that have an entry, though it is no member any more.',
  source: `${thesis}, section 4.2.2; camunda/camunda pull request 15232: a leader that left the cluster was always in its own quorum`,
  rule: 'Raft: a leader that is no member does not count itself',
  expected: ['by-majority'],
  parts: redefined<RaftState, RaftInput, RaftMessage>((honest) => ({
    step: (state, input) => countedBy(honest.step(state, input), input, membersOf),
  })),
};

/** Commits what a majority of these members has, where the leader counts as one of them in any case. With its own removal the leader steps down, as it should. */
function countedBy({ state, outputs }: Next, { type }: RaftInput, membersFor: (state: RaftState) => readonly string[]): Next {
  if (type !== 'ack' || state.role !== 'leader') return { state, outputs };
  const members = membersFor(state);
  const others = members.filter((name) => name !== state.config.self).map((name) => state.match[name] ?? 0);
  const held = [lastIndexOf(state), ...others].sort((a, b) => b - a);
  const index = held[Math.floor(members.length / 2)] ?? 0;
  if (index <= state.commit || termAt(state, index) !== state.term) return { state, outputs };
  const early = committed(state, index);
  const isRemoved = !membershipAt(early.state, index).members.includes(state.config.self);
  return {
    state: isRemoved ? { ...early.state, role: 'follower', leader: undefined, votes: [], match: {}, next: {} } : early.state,
    outputs: [...outputs, ...early.outputs, ...(isRemoved ? [{ type: 'cancelTimer', timer: 'heartbeat' } as const] : [])],
  };
}

export const raftSnapshotForgetsMembers: Exhibit = {
  name: 'raft-snapshot-forgets-members',
  protocol: 'raft',
  bug: 'A snapshot does not say who the members are: when the entries that changed them are dropped, the node has the first members again.',
  source: `${thesis}, section 5.1; moby/swarmkit pull request 238: a member list was built from the log alone, and the log was compacted`,
  rule: 'Raft: a snapshot has the members after its last entry',
  expected: ['snapshot-is-applied'],
  parts: takenWith(withoutMembers),
};

function withoutMembers<Kept extends Pick<RaftState, 'snapshot'>>(kept: Kept): Kept {
  const { membership: _members, ...snapshot } = kept.snapshot;
  return { ...kept, snapshot };
}
