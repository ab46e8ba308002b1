/**
 * Broken Raft nodes: they acknowledge a snapshot too early, leave a part of it out, install a part of it, never send it, or cut the log too early. Each is the
 * honest node with one part replaced.
 */
import type { RaftInput, RaftMessage, RaftState } from '../actors/raft/index.ts';
import type { Exhibit } from './exhibit.ts';
import { redefined } from './redefined.ts';
import { storeUnsynced } from './syncs-left-out.ts';

const paper = 'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm (2014)';

export const raftSnapshotAcknowledgedEarly: Exhibit = {
  name: 'raft-snapshot-acknowledged-early',
  protocol: 'raft',
  bug: 'A follower acknowledges an installed snapshot before it is durable. A loss of power takes the snapshot, and the leader still counts the follower as having it.',
  source: `${paper}, figure 13; hashicorp/raft issue 229: a snapshot was put in place without a sync`,
  rule: 'Raft: a snapshot is durable before it is acknowledged',
  expected: ['crash-is-pause'],
  parts: redefined<RaftState, RaftInput, RaftMessage>((honest, signer) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      const ack = outputs.find((output) => output.type === 'say');
      if (input.type !== 'snapshot' || ack === undefined) return { state: next, outputs };
      const signed = signer.sign(honest.toSign(ack.message));
      const data = honest.asWire(honest.asInput(ack.message, signed));
      return { state: next, outputs: [...outputs, { type: 'send', to: 'all', data }] };
    },
  })),
};

export const raftSnapshotForgetsTerm: Exhibit = {
  name: 'raft-snapshot-forgets-term',
  protocol: 'raft',
  bug: 'A snapshot does not say which term its last entry had. So the node refuses the entry after it, and looks less up to date than it is.',
  source: `${paper}, section 7: the last included term; goraft/raft pull request 99: a wrong first term after a restart`,
  rule: 'Raft: a snapshot has the term of its last entry',
  expected: ['snapshot-is-applied'],
  parts: takenWith(withoutTerm),
};

type Kept = Pick<RaftState, 'snapshot'>;

/** Changes each snapshot that a node takes, in its memory and in the checkpoint that it stores. */
export function takenWith(change: <Some extends Kept>(kept: Some) => Some): NonNullable<Exhibit['parts']> {
  return redefined<RaftState, RaftInput>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      if (input.type !== 'compact') return { state: next, outputs };
      return {
        state: change(next),
        outputs: outputs.map((output) =>
          output.type === 'finish' ? { ...output, decision: change(output.decision as RaftState) } : output,
        ),
      };
    },
  }));
}

function withoutTerm<Some extends Kept>(kept: Some): Some {
  return { ...kept, snapshot: { ...kept.snapshot, lastTerm: 0 } };
}

export const raftSnapshotKeepsMachine: Exhibit = {
  name: 'raft-snapshot-keeps-machine',
  protocol: 'raft',
  bug: 'A follower that installs a snapshot moves its applied index and keeps its old state: the entries between are applied by nobody.',
  source: `${paper}, figure 13, step 8; apache/celeborn pull request 2547: a follower kept its old state after it had installed a snapshot`,
  rule: 'Raft: a snapshot replaces the state machine together with the index',
  expected: ['state-machine-safety'],
  parts: redefined<RaftState, RaftInput>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      if (input.type !== 'snapshot' || next.machine.applied === state.machine.applied) return { state: next, outputs };
      return { state: { ...next, machine: { ...state.machine, applied: next.machine.applied } }, outputs };
    },
  })),
};

export const raftSnapshotNotSent: Exhibit = {
  name: 'raft-snapshot-not-sent',
  protocol: 'raft',
  bug: 'A leader has dropped the entries that a follower needs, and sends it nothing in their place.',
  source:
    'hashicorp/raft issue 212: a follower that was down for days got no snapshot, and its leader looked for entries that were gone',
  rule: 'Raft: a member behind the first kept entry gets the snapshot',
  expected: ['caught-up'],
  parts: redefined<RaftState, RaftInput>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      return { state: next, outputs: outputs.filter((output) => output.type !== 'announce' || output.data.type !== 'snapshot') };
    },
  })),
};

export const raftLogCutEarly: Exhibit = {
  ...storeUnsynced,
  name: 'raft-log-cut-early',
  protocol: 'raft',
  bug: 'The part of the log that a snapshot replaces is removed while the snapshot is in the page cache only. A loss of power takes both.',
  source: 'hashicorp/raft issue 229: a snapshot was put in place without a sync, and the log before it was gone',
  rule: 'Raft: a snapshot is durable before the log is cut',
};
