/**
 * The museum: broken nodes. Each is an honest node with one part replaced, and shows a bug; most of these bugs were met in other projects.
 *
 * The scenes in which they are caught are in `campaigns/museum`.
 *
 * @example
 * import { scenario } from 'lazurite';
 * import { crashpoints } from 'lazurite/campaigns';
 * import { exhibitNamed } from './index.ts';
 *
 * console.log(exhibitNamed('no-wal')?.bug);
 * const two = scenario('two', { A: 1, B: 1 });
 * const { failures } = crashpoints(two, { nodes: ['B'], heights: '1', sites: ['publish'], exhibit: 'no-wal' });
 * for (const { property } of failures) console.log(property, 'is violated');
 * // prints At boot the node knows its stored blocks and nothing of the height it was in: it votes as if for the first time.
 * // prints no-equivocation is violated
 */
import { appAheadOfBlocks, handshakeSkipped } from './application-broken.ts';
import { blockTimeFromClock, blockTimeUnchecked } from './block-times-broken.ts';
import { broadcastBeforeFlush } from './broadcast-before-flush.ts';
import { appendErrorIgnored, fsyncErrorIgnored, fsyncRetried } from './disk-errors.ts';
import type { Exhibit } from './exhibit.ts';
import {
  extensionMadeAnew,
  extensionSignatureUnchecked,
  extensionsNotStored,
  extensionUnverified,
  syncedWithoutExtensions,
} from './extensions-broken.ts';
import {
  abstainsTooShort,
  bytesUnchecked,
  divergenceUnnoticed,
  duplicatesLogged,
  signaturesUnchecked,
  splitMembership,
  syncedClaimsTooMuch,
  syncedOneTooLow,
  unseededChoice,
  validityUnchecked,
} from './false-words.ts';
import { anyPrecommitJoins, decisionReportedEarly, latePrecommitsDropped } from './finalization-broken.ts';
import { heightRestartResetsLog } from './height-restart.ts';
import { corruptionCutAsTorn, crcUnchecked, lifeReused, noWal, overLongLengthCuts } from './log-misread.ts';
import {
  bootRemovesFirst,
  goneLogMadeAnew,
  otherVersionMadeAnew,
  repairStartsAnew,
  repairUnsynced,
  storeLeftBehind,
  storeNotRenewed,
  unbornCalledCorrupt,
  wipedDiskVotes,
} from './log-repaired.ts';
import { noFsync } from './no-fsync.ts';
import { raftCommitsOldTerm, raftRepliesBeforeFlush, raftStaleAppendTruncates, raftVoteNotPersisted } from './raft-broken.ts';
import {
  raftChangeTooEarly,
  raftMembersWhenCommitted,
  raftRemovedLeaderCounts,
  raftSnapshotForgetsMembers,
} from './raft-members.ts';
import { raftPreVoteIgnoresLeader, raftPreVoteRaisesTerm } from './raft-pre-votes.ts';
import {
  raftLogCutEarly,
  raftSnapshotAcknowledgedEarly,
  raftSnapshotForgetsTerm,
  raftSnapshotKeepsMachine,
  raftSnapshotNotSent,
} from './raft-snapshots.ts';
import {
  appStateForgotten,
  lockForgotten,
  lockIgnored,
  messagesNotSentAgain,
  questionsNotAskedAgain,
  replayReasksValue,
  timersNotSetAgain,
} from './replay-broken.ts';
import { signerInsteadOfLog, signerKnowsHeights, signerNotRead, signerUnsynced } from './signer-broken.ts';
import {
  attestUnsynced,
  decidesBeforeFlush,
  flushAcknowledgesTooMuch,
  folderUnsynced,
  logEmptiedEarly,
  namesUnsynced,
  openedUnsynced,
  removesBeforeBirth,
  resetSyncedOnce,
  storeUnsynced,
} from './syncs-left-out.ts';
import {
  certificateSignaturesUnchecked,
  honestAtOneThird,
  oldLockKept,
  proposerUnchecked,
  quorumAtTwoThirds,
  smallCertificateTaken,
  timeoutsDoNotGrow,
} from './thresholds.ts';
import { certificatesUnlogged, proposalsUnlogged, timeoutsUnlogged, valuesUnlogged, votesUnlogged } from './unlogged.ts';
import {
  certificatesUngated,
  lostVoteSaidAgain,
  ownFramesUnwritten,
  proposalNotSentAgain,
  votesLabelledRelay,
} from './unwritten-words.ts';

export type { Exhibit } from './exhibit.ts';
export type { ExhibitName } from './exhibit-names.ts';

export const exhibits: readonly Exhibit[] = [
  noWal,
  noFsync,
  broadcastBeforeFlush,
  decidesBeforeFlush,
  flushAcknowledgesTooMuch,
  timeoutsUnlogged,
  certificatesUnlogged,
  valuesUnlogged,
  proposalsUnlogged,
  votesUnlogged,
  lockForgotten,
  lockIgnored,
  replayReasksValue,
  timersNotSetAgain,
  questionsNotAskedAgain,
  messagesNotSentAgain,
  proposalNotSentAgain,
  ownFramesUnwritten,
  votesLabelledRelay,
  certificatesUngated,
  lostVoteSaidAgain,
  appStateForgotten,
  fsyncErrorIgnored,
  appendErrorIgnored,
  fsyncRetried,
  corruptionCutAsTorn,
  overLongLengthCuts,
  crcUnchecked,
  repairUnsynced,
  repairStartsAnew,
  lifeReused,
  storeNotRenewed,
  storeLeftBehind,
  unbornCalledCorrupt,
  bootRemovesFirst,
  wipedDiskVotes,
  goneLogMadeAnew,
  otherVersionMadeAnew,
  abstainsTooShort,
  resetSyncedOnce,
  openedUnsynced,
  folderUnsynced,
  namesUnsynced,
  removesBeforeBirth,
  storeUnsynced,
  logEmptiedEarly,
  syncedClaimsTooMuch,
  syncedOneTooLow,
  attestUnsynced,
  signerUnsynced,
  signerNotRead,
  signerKnowsHeights,
  signerInsteadOfLog,
  signaturesUnchecked,
  duplicatesLogged,
  splitMembership,
  validityUnchecked,
  unseededChoice,
  bytesUnchecked,
  divergenceUnnoticed,
  appAheadOfBlocks,
  handshakeSkipped,
  heightRestartResetsLog,
  extensionMadeAnew,
  extensionsNotStored,
  syncedWithoutExtensions,
  extensionUnverified,
  extensionSignatureUnchecked,
  latePrecommitsDropped,
  anyPrecommitJoins,
  decisionReportedEarly,
  quorumAtTwoThirds,
  honestAtOneThird,
  smallCertificateTaken,
  certificateSignaturesUnchecked,
  oldLockKept,
  timeoutsDoNotGrow,
  proposerUnchecked,
  blockTimeFromClock,
  blockTimeUnchecked,
  raftVoteNotPersisted,
  raftCommitsOldTerm,
  raftStaleAppendTruncates,
  raftRepliesBeforeFlush,
  raftSnapshotAcknowledgedEarly,
  raftSnapshotForgetsTerm,
  raftSnapshotKeepsMachine,
  raftSnapshotNotSent,
  raftLogCutEarly,
  raftPreVoteRaisesTerm,
  raftPreVoteIgnoresLeader,
  raftChangeTooEarly,
  raftMembersWhenCommitted,
  raftRemovedLeaderCounts,
  raftSnapshotForgetsMembers,
];

export function exhibitNamed(name: string): Exhibit | undefined {
  return exhibits.find((candidate) => candidate.name === name);
}
