/** Broken Raft nodes that forget a vote, reply too early, or commit too early. Each is the honest node with one part of its definition replaced. */
import {
  type Append,
  committed,
  majorityIndex,
  type RaftInput,
  type RaftMessage,
  type RaftState,
  termAt,
} from '../actors/raft/index.ts';
import { broadcastBeforeFlush } from './broadcast-before-flush.ts';
import type { Exhibit } from './exhibit.ts';
import { redefined } from './redefined.ts';

const paper = 'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm (2014)';

export const raftVoteNotPersisted: Exhibit = {
  name: 'raft-vote-not-persisted',
  protocol: 'raft',
  bug: 'A vote leaves without its frame, and the request it answers is not logged: after a restart the node votes again in the same term.',
  source: `${paper}, figure 2: votedFor is persistent; valkey pull request 3887 (review): a vote left before votedFor was synced`,
  rule: 'Raft: term and vote are durable before the vote leaves',
  expected: ['one-vote', 'election-safety'],
  parts: redefined<RaftState, RaftInput, RaftMessage>((honest, signer) => ({
    admit: (state, input) => {
      const admission = honest.admit(state, input);
      const isRequest = input.type === 'vote' && input.voter !== state.config.self;
      return admission === 'log' && isRequest ? 'pass' : admission;
    },
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      if (input.type !== 'vote') return { state: next, outputs };
      const vote = outputs.find((output) => output.type === 'say');
      if (vote?.message.type !== 'vote') return { state: next, outputs };
      const { message } = vote;
      const data = honest.asWire(honest.asInput(message, signer.sign(honest.toSign(message))));
      return {
        state: { ...next, votedFor: message.candidate },
        outputs: outputs.map((output) => (output === vote ? { type: 'announce', data } : output)),
      };
    },
  })),
};

export const raftCommitsOldTerm: Exhibit = {
  name: 'raft-commits-old-term',
  protocol: 'raft',
  bug: 'A leader commits an entry of an earlier term as soon as a majority holds it; a later leader may overwrite it.',
  source: `${paper}, figure 8; nats-server pull request 7955 and canonical/raft issue 220: entries of earlier terms were counted`,
  rule: "Raft: only entries of the leader's own term are committed by counting",
  expected: ['leader-completeness', 'state-machine-safety'],
  parts: redefined<RaftState, RaftInput, RaftMessage>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      const index = next.role === 'leader' ? majorityIndex(next) : 0;
      if (index <= next.commit) return { state: next, outputs };
      const early = committed(next, index);
      return { state: early.state, outputs: [...outputs, ...early.outputs] };
    },
  })),
};

export const raftStaleAppendTruncates: Exhibit = {
  name: 'raft-stale-append-truncates',
  protocol: 'raft',
  bug: 'An append that comes late cuts the log after its entry, though nothing in it contradicts what is there: acknowledged entries are lost.',
  source: `${paper}, figure 2, AppendEntries step 3; ktoso/akka-raft issue 66: a late append deleted entries that it did not contradict`,
  rule: 'Raft: what was acknowledged is cut by a contradiction only',
  expected: ['state-machine-safety'],
  parts: redefined<RaftState, RaftInput>((honest) => ({
    admit: (state, input) => {
      const admission = honest.admit(state, input);
      return admission === 'pass' && cutBy(state, input) !== undefined ? 'log' : admission;
    },
    step: (state, input) => {
      const cut = cutBy(state, input);
      const { state: next, outputs } = honest.step(state, input);
      if (cut === undefined) return { state: next, outputs };
      return { state: { ...next, log: next.log.slice(0, cut - next.snapshot.lastIndex) }, outputs };
    },
  })),
};

/** Where an old append that agrees would end the log. */
function cutBy(state: RaftState, input: RaftInput): number | undefined {
  if (input.type !== 'append' || input.term < state.term) return undefined;
  const { previousIndex, previousTerm, entry } = input as Append;
  const end = previousIndex + (entry === undefined ? 0 : 1);
  const { snapshot, log } = state;
  const isShorter = end >= snapshot.lastIndex && end < snapshot.lastIndex + log.length;
  return termAt(state, previousIndex) === previousTerm && isShorter ? end : undefined;
}

export const raftRepliesBeforeFlush: Exhibit = {
  ...broadcastBeforeFlush,
  name: 'raft-replies-before-flush',
  protocol: 'raft',
  bug: 'A follower acknowledges an entry before it is durable; the leader commits it, and a loss of power takes it away.',
  source: `${paper}, figure 2; camunda issue 4160: followers acknowledge what they have not flushed`,
  rule: 'Raft: an entry is durable before it is acknowledged',
  expected: ['crash-is-pause'],
};
