/**
 * Snapshots and compaction (section 7 of the paper; etcd-io/raft does the same in `restore` and `handleSnapshot` of raft.go).
 *
 * A node that takes a snapshot ends the present segment of its write-ahead log with a checkpoint: the snapshot, the entries after it, term, vote and role. The
 * checkpoint is stored durably, the next segment begins with it, and only then the old segment is removed (actors/node). An installed snapshot is a logged
 * input like others, so it is durable before its ack leaves. Not modelled: snapshots in pieces, and entries that are kept for members that lack only a few.
 */
import { entriesAfter, lastIndexOf, termAt } from './log.ts';
import { membershipAt } from './members.ts';
import { acknowledgement, appends, ask, refusal } from './replication.ts';
import { electionTimer, heartbeatTimer, inTerm, type Next, type Out } from './terms.ts';
import type { Checkpoint, InstallSnapshot, RaftConfig, RaftState, Snapshot } from './types.ts';

/** Takes a snapshot of the state machine, drops the applied entries, and ends the segment. */
export function compact(state: RaftState): Next {
  const { machine } = state;
  const lastIndex = machine.applied;
  const membership = state.config.changes === undefined ? {} : { membership: membershipAt(state, lastIndex) };
  const snapshot: Snapshot = { lastIndex, lastTerm: termAt(state, lastIndex) ?? 0, machine, ...membership };
  const next = { ...state, snapshot, log: entriesAfter(state, lastIndex), isCompacting: true };
  return {
    state: next,
    outputs: [
      { type: 'report', event: 'snapshot.taken', detail: { index: lastIndex } },
      { type: 'finish', decision: checkpointOf(next) },
    ],
  };
}

function checkpointOf(state: RaftState): Checkpoint {
  const { term, role, votedFor, leader, snapshot, log, commit, votes, match, next, machine, segment } = state;
  return { term, role, votedFor, leader, snapshot, log, commit, votes, match, next, machine, segment };
}

/**
 * Begins the segment after a checkpoint. What was dropped meanwhile is repeated: a leader sends its appends, and asks for the next command again. A follower
 * says its next ack anew, because the frame of the last one was removed.
 */
export function resumed(config: RaftConfig, checkpoint: Checkpoint): Next {
  const { term, role, votedFor, leader, snapshot, log, commit, votes, match, next, machine, segment } = checkpoint;
  const state: RaftState = {
    config,
    term,
    role,
    votedFor,
    leader,
    snapshot,
    log,
    commit,
    votes,
    match,
    next,
    acked: undefined,
    machine,
    segment: segment + 1,
    isCompacting: false,
  };
  if (role !== 'leader') return { state, outputs: [electionTimer(state, term)] };
  return { state, outputs: [heartbeatTimer, ...appends(state), ...nextCommand(state)] };
}

/** The leader waits for its next command after its empty entry, or when all its entries are committed. */
function nextCommand(state: RaftState): readonly Out[] {
  const last = lastIndexOf(state);
  const entry = state.log.at(-1);
  const isWaiting = last === state.commit || (entry?.term === state.term && entry.command === undefined);
  return isWaiting ? [ask(state.term, last + 1)] : [];
}

/** Handles InstallSnapshot. A snapshot that has nothing new is acknowledged with what is committed here. */
export function install(before: RaftState, input: InstallSnapshot): Next {
  const { lastIndex } = input.snapshot;
  if (input.term < before.term) return { state: before, outputs: [refusal(before, input.leader, lastIndex)] };
  const { state: present, outputs } = inTerm(before, input.term);
  const state: RaftState = { ...present, role: 'follower', leader: input.leader };
  const timer = electionTimer(state, state.term);
  const match = Math.max(lastIndex, state.commit);
  const answers = [...outputs, timer, acknowledgement(state, match)];
  if (lastIndex <= state.commit) return { state, outputs: answers };
  const reports = ['snapshot.installed', 'committed'].map(
    (event): Out => ({ type: 'report', event, detail: { index: lastIndex } }),
  );
  return { state: withSnapshot(state, input.snapshot), outputs: [...answers, ...reports] };
}

/** The snapshot in place of the log up to its index. Entries after it stay if the log has the snapshot's last entry. */
function withSnapshot(state: RaftState, snapshot: Snapshot): RaftState {
  const { lastIndex, lastTerm, machine } = snapshot;
  const log = termAt(state, lastIndex) === lastTerm ? entriesAfter(state, lastIndex) : [];
  return { ...state, snapshot, log, commit: lastIndex, machine };
}
