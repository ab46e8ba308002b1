/** Which scenario repeats which integration test of another engine, and what of it is still lost. */

export interface PeerTest {
  /** The path in scenarios/peers, without its ending. */
  readonly scenario: string;
  /** As the engine calls them; in brackets how many cases one has. */
  readonly tests: readonly string[];
  /** Default: nothing. */
  readonly lost?: string;
}

export const peerTests: readonly PeerTest[] = [
  {
    scenario: 'malachite/wal-1-proposer-crashes-after-proposing',
    tests: [
      'wal::proposer_crashes_after_proposing_parts_only',
      'wal::proposer_crashes_after_proposing_proposal_and_parts',
      'wal::proposer_crashes_after_proposing_proposal_only',
    ],
    lost: 'the value travels in the proposal here, not in parts',
  },
  {
    scenario: 'malachite/wal-2-non-proposer-crashes-after-voting',
    tests: [
      'wal::non_proposer_crashes_after_voting_parts_only',
      'wal::non_proposer_crashes_after_voting_proposal_and_parts',
      'wal::non_proposer_crashes_after_voting_proposal_only',
    ],
    lost: 'the value travels in the proposal here, not in parts; value sync is on, because A restarts after the others have decided and would otherwise never learn the decision',
  },
  {
    scenario: 'malachite/wal-3-restart-with-byzantine-proposer-1',
    tests: ['wal::restart_with_byzantine_proposer_1 (2)'],
    lost: 'the value travels in the proposal here, not in parts; the proposer that lies sends both values before and after its restart',
  },
  {
    scenario: 'malachite/wal-4-restart-with-byzantine-proposer-2',
    tests: ['wal::restart_with_byzantine_proposer_2 (2)'],
    lost: 'the value travels in the proposal here, not in parts; the proposer that lies sends both values before and after its restart',
  },
  { scenario: 'malachite/wal-5-multi-rounds-1', tests: ['wal::multi_rounds_1'] },
  { scenario: 'malachite/wal-6-multi-rounds-2', tests: ['wal::multi_rounds_2'] },
  { scenario: 'malachite/n3f0-1-all-correct', tests: ['n3f0::all_correct_nodes'] },
  {
    scenario: 'malachite/n3f0-2-consensus-mode',
    tests: ['n3f0_consensus_mode::parts_only', 'n3f0_consensus_mode::proposal_and_parts', 'n3f0_consensus_mode::proposal_only'],
    lost: 'the value travels in the proposal here, not in parts',
  },
  { scenario: 'malachite/n3f1-1-proposer-fails-to-start', tests: ['n3f1::proposer_fails_to_start'] },
  { scenario: 'malachite/n3f1-2-one-node-fails-to-start', tests: ['n3f1::one_node_fails_to_start'] },
  { scenario: 'malachite/n3f1-3-proposer-crashes-at-height-2', tests: ['n3f1::proposer_crashes_at_height_2'] },
  { scenario: 'malachite/n3f1-4-one-node-crashes-at-height-3', tests: ['n3f1::one_node_crashes_at_height_3'] },
  {
    scenario: 'malachite/n3f1-5-validators-restart-at-different-heights',
    tests: ['n3f1::validators_restart_at_different_heights_discovery_disabled'],
    lost: 'discovery and dialling: links are always there',
  },
  {
    scenario: 'malachite/reset-1-height-restarts-after-failed-commit',
    tests: ['reset::reset_height'],
    lost: 'differs on purpose: the log of the height is kept; the second variant clears it, as the original does',
  },
  {
    scenario: 'malachite/sync-01-crash-restart-from-start-wiped',
    tests: ['value_sync::crash_restart_from_start_ok (4)', 'value_sync::crash_restart_from_start_proposal_only (2)'],
    lost: 'other by design: a validator without its store follows without voting until it is safe; the value travels in the proposal here, not in parts',
  },
  { scenario: 'malachite/sync-02-crash-restart-from-latest', tests: ['value_sync::crash_restart_from_latest (2)'] },
  { scenario: 'malachite/sync-03-aggressive-pruning', tests: ['value_sync::aggressive_pruning (2)'] },
  { scenario: 'malachite/sync-04-start-late', tests: ['value_sync::start_late (2)'] },
  {
    scenario: 'malachite/sync-05-start-late-parallel-requests',
    tests: ['value_sync::start_late_parallel_requests (2)'],
  },
  {
    scenario: 'malachite/sync-06-start-late-parallel-requests-with-batching',
    tests: ['value_sync::start_late_parallel_requests_with_batching (2)'],
  },
  {
    scenario: 'malachite/sync-07-start-late-rotating-epochs',
    tests: ['value_sync::start_late_rotate_epoch_validator_set (2)'],
    lost: 'validator sets are configured by height, and not returned by the application',
  },
  {
    scenario: 'malachite/sync-08-sync-only-full-node',
    tests: ['value_sync::sync_only_fullnode_without_consensus (2)'],
  },
  {
    scenario: 'malachite/sync-09-reset-height',
    tests: ['value_sync::reset_height (2)'],
  },
  {
    scenario: 'malachite/sync-10-full-node-all-validators-restart',
    tests: ['value_sync::full_node_sync_after_all_persistent_peer_restart (2)'],
    lost: 'discovery and dialling: links are always there',
  },
  {
    scenario: 'malachite/sync-11-validator-reconnects',
    tests: [
      'value_sync::validator_persistent_peer_reconnection_discovery_enabled (2)',
      'value_sync::validator_persistent_peer_reconnection_discovery_disabled (2)',
    ],
    lost: 'discovery and dialling: links are always there',
  },
  {
    scenario: 'malachite/sync-12-full-node-reconnects',
    tests: [
      'value_sync::full_node_persistent_peer_reconnection_discovery_enabled (2)',
      'value_sync::full_node_persistent_peer_reconnection_discovery_disabled (2)',
    ],
    lost: 'discovery and dialling: links are always there',
  },
  {
    scenario: 'malachite/sync-13-response-size-limit-exceeded',
    tests: ['value_sync::response_size_limit_exceeded (2)'],
    lost: 'the limit of the transport',
  },
  { scenario: 'malachite/sync-14-status-update-on-decision', tests: ['value_sync::status_update_on_decision (2)'] },
  {
    scenario: 'malachite/sync-15-skipped-early-commit',
    tests: ['value_sync::skipped_early_commit_does_not_break_sync (2)'],
    lost: 'the early commit is only late here, and not skipped',
  },
  {
    scenario: 'malachite/sync-16-recovers-from-decode-failure',
    tests: ['value_sync::sync_recovers_from_decode_failure_ok (4)'],
    lost: 'the answers are dropped here; in the original they arrive and cannot be decoded',
  },
  {
    scenario: 'malachite/rebroadcast-1-crash-restart-from-start',
    tests: ['vote_rebroadcast::crash_restart_from_start (2)'],
    lost: 'other by design: C may not vote, so nothing goes on, and that is asserted',
  },
  { scenario: 'malachite/rebroadcast-2-crash-restart-from-latest', tests: ['vote_rebroadcast::crash_restart_from_latest (2)'] },
  { scenario: 'malachite/rebroadcast-3-start-late', tests: ['vote_rebroadcast::start_late (2)'] },
  { scenario: 'malachite/full-1-basic', tests: ['full_nodes::basic_full_node'] },
  { scenario: 'malachite/full-2-crash-and-sync', tests: ['full_nodes::full_node_crash_and_sync'] },
  { scenario: 'malachite/full-3-late-starting', tests: ['full_nodes::late_starting_full_node'] },
  { scenario: 'malachite/full-4-mixed-failures', tests: ['full_nodes::mixed_validator_and_full_node_failures'] },
  {
    scenario: 'malachite/validator-set-rotates',
    tests: ['validator_set::rotate_validator_set'],
    lost: 'validator sets are configured by height, and not returned by the application',
  },
  { scenario: 'malachite/liveness-1-round-certificate-rebroadcast', tests: ['liveness::round_certificate_rebroadcast'] },
  { scenario: 'malachite/liveness-2-polka-certificate-for-hidden-lock', tests: ['liveness::polka_certificate_for_hidden_lock'] },
  {
    scenario: 'malachite/equivocation-1-proposal',
    tests: ['equivocation::equivocation_two_vals_same_key_proposal'],
  },
  {
    scenario: 'malachite/equivocation-2-vote',
    tests: ['equivocation::equivocation_two_vals_same_key_vote'],
    lost: 'the votes differ because the proposals do, and not by chance',
  },
  {
    scenario: 'malachite/finalization-1-decides',
    tests: ['finalization::test_finalize_with_params (4 of 5)'],
    lost: 'the time is counted from the decision, and not from the beginning of the height',
  },
  {
    scenario: 'malachite/finalization-2-no-target-time',
    tests: ['finalization::test_finalize_with_params (1 of 5)'],
  },
  {
    scenario: 'malachite/timeouts-1-change-between-heights',
    tests: ['timeout_updates::change_timeouts_between_heights'],
    lost: 'timeouts are configured before the run, and not returned by the application',
  },
  {
    scenario: 'malachite/timeouts-2-different-per-node',
    tests: ['timeout_updates::different_timeouts_per_node'],
    lost: 'as above',
  },
  { scenario: 'malachite/timeouts-3-very-short', tests: ['timeout_updates::very_short_timeouts'], lost: 'as above' },
  { scenario: 'malachite/timeouts-4-gradually', tests: ['timeout_updates::gradually_changing_timeouts'], lost: 'as above' },
  {
    scenario: 'malachite/validity-1-changes-on-restart',
    tests: ['validity_change_on_restart::node_with_invalid_value_recovers_via_sync'],
  },
  {
    scenario: 'malachite/byzantine-1-all-vote-equivocators',
    tests: ['byzantine_engine::all_vote_equivocators_detected_and_still_progress'],
  },
  {
    scenario: 'malachite/byzantine-2-three-proposal-equivocators',
    tests: ['byzantine_engine::single_proposer_not_equivocating_makes_progress'],
  },
  { scenario: 'malachite/byzantine-3-single-vote-dropper', tests: ['byzantine_engine::single_vote_dropper_makes_progress'] },
  {
    scenario: 'malachite/byzantine-4-two-vote-droppers-stall',
    tests: ['byzantine_engine::two_vote_droppers_of_four_stalls_consensus'],
  },
  {
    scenario: 'malachite/byzantine-5-three-proposal-droppers',
    tests: ['byzantine_engine::three_proposal_droppers_of_four_still_progresses'],
  },
  {
    scenario: 'malachite/byzantine-6-value-of-an-earlier-round',
    tests: ['byzantine_engine::mux_cross_round_proposal_matches_stored_value_via_restream'],
    lost: 'proposal and parts as two streams: A misses the whole proposal of round 0',
  },
  { scenario: 'malachite/byzantine-7-amnesia', tests: ['byzantine_engine::amnesia_makes_progress'] },
  {
    scenario: 'cometbft/replay-1-wal-crash',
    tests: ['replay_test TestWALCrash (2)'],
    lost: 'transactions; the loop over all writes is the campaign `crashpoints --site wal.append --heights 1-3`',
  },
  {
    scenario: 'cometbft/replay-2-crash-on-own-block-part',
    tests: ['replay_test TestWALCrashOnInternalBlockPartWrite'],
    lost: 'parts: the write of the whole proposal is torn',
  },
  {
    scenario: 'cometbft/replay-3-handshake',
    tests: ['replay_test TestHandshakeReplayAll, Some, One, None'],
    lost: 'the original also compares a third height, that of its state store; validator sets that change',
  },
  {
    scenario: 'cometbft/replay-4-wrong-application-hash',
    tests: ['replay_test TestHandshakePanicsIfAppReturnsWrongAppHash'],
  },
  {
    scenario: 'cometbft/state-01-lock-relock',
    tests: ['state_test TestStateLockPOLRelock'],
    lost: 'votes are not written by hand: other nodes cast them; by the paper (lines 28 and 57) a locked node prevotes nil where the original prevotes its lock',
  },
  { scenario: 'cometbft/state-02-halt', tests: ['state_test TestStateHalt1'] },
  { scenario: 'cometbft/state-03-proposer-selection-0', tests: ['state_test TestStateProposerSelection0'] },
  {
    scenario: 'cometbft/state-04-proposer-selection-2',
    tests: ['state_test TestStateProposerSelection2'],
    lost: 'it begins in round 0, not in round 2',
  },
  { scenario: 'cometbft/state-05-propose-without-key', tests: ['state_test TestStateEnterProposeNoPrivValidator'] },
  {
    scenario: 'cometbft/state-06-propose-with-key',
    tests: ['state_test TestStateEnterProposeYesPrivValidator'],
    lost: 'parts of a block',
  },
  {
    scenario: 'cometbft/state-07-bad-proposal',
    tests: ['state_test TestStateBadProposal'],
    lost: 'the value is invalid because the application says so, and not because of a header field',
  },
  { scenario: 'cometbft/state-08-full-round-1', tests: ['state_test TestStateFullRound1'] },
  { scenario: 'cometbft/state-09-full-round-nil', tests: ['state_test TestStateFullRoundNil'] },
  { scenario: 'cometbft/state-10-full-round-2', tests: ['state_test TestStateFullRound2'] },
  {
    scenario: 'cometbft/state-11-lock-without-polka',
    tests: ['state_test TestStateLockNoPOL'],
    lost: 'by the paper (lines 28 and 57) a locked node prevotes nil where the original prevotes its lock',
  },
  {
    scenario: 'cometbft/state-12-unlock-asked-by-nil',
    tests: ['state_test TestStateLockPOLUnlock'],
    lost: 'other by design: a polka of nil unlocks nobody (line 44 of the paper), and that is asserted',
  },
  {
    scenario: 'cometbft/state-13-unlock-asked-by-unknown-block',
    tests: ['state_test TestStateLockPOLUnlockOnUnknownBlock'],
    lost: 'other by design: a polka of an unknown value unlocks nobody; A prevotes nil in round 2, and its lock moves with the polka',
  },
  {
    scenario: 'cometbft/state-14-lock-safety-1',
    tests: ['state_test TestStateLockPOLSafety1'],
    lost: 'by the paper (lines 28 and 57) a locked node prevotes nil where the original prevotes its lock',
  },
  {
    scenario: 'cometbft/state-15-lock-safety-2',
    tests: ['state_test TestStateLockPOLSafety2'],
    lost: 'by the paper (lines 28 and 57) a locked node prevotes nil where the original prevotes its lock',
  },
  {
    scenario: 'cometbft/state-16-propose-valid-block',
    tests: ['state_test TestProposeValidBlock'],
    lost: 'the round that the proposal names for its polka; a polka of nil unlocks nobody',
  },
  {
    scenario: 'cometbft/state-17-valid-block-on-delayed-prevote',
    tests: ['state_test TestSetValidBlockOnDelayedPrevote'],
    lost: 'the valid value is seen in the next proposal, not in the state',
  },
  {
    scenario: 'cometbft/state-18-valid-block-on-delayed-proposal',
    tests: ['state_test TestSetValidBlockOnDelayedProposal'],
    lost: 'the valid value is seen in the next proposal, not in the state',
  },
  {
    scenario: 'cometbft/state-19-invalid-vote',
    tests: ['state_test TestStateDoesntCrashOnInvalidVote'],
    lost: 'the unknown validators are in certificates, not in single votes',
  },
  { scenario: 'cometbft/state-20-timeout-on-nil-precommits', tests: ['state_test TestWaitingTimeoutOnNilPolka'] },
  { scenario: 'cometbft/state-21-timeout-propose-on-new-round', tests: ['state_test TestWaitingTimeoutProposeOnNewRound'] },
  {
    scenario: 'cometbft/state-22-round-skip-on-nil-precommits',
    tests: ['state_test TestRoundSkipOnNilPolkaFromHigherRound'],
    lost: 'A casts no precommit of nil in the round that it skips to: the paper has no rule for one',
  },
  {
    scenario: 'cometbft/state-23-timeout-propose-on-nil-polka',
    tests: ['state_test TestWaitTimeoutProposeOnNilPolkaForTheCurrentRound'],
  },
  {
    scenario: 'cometbft/state-24-commit-without-block',
    tests: ['state_test TestEmitNewValidBlockEventOnCommitWithoutBlock'],
    lost: 'the original also checks which part-set header the node waits for',
  },
  {
    scenario: 'cometbft/state-25-commit-from-previous-round',
    tests: ['state_test TestCommitFromPreviousRound'],
    lost: 'the original also checks which part-set header the node waits for',
  },
  {
    scenario: 'cometbft/state-26-next-height-after-timeout',
    tests: ['state_test TestStartNextHeightCorrectlyAfterTimeout'],
    lost: 'transactions that wake the next height',
  },
  { scenario: 'cometbft/state-27-timeout-precommit-reset', tests: ['state_test TestResetTimeoutPrecommitUponNewHeight'] },
  {
    scenario: 'cometbft/state-28-sign-same-vote-twice',
    tests: ['state_test TestSignSameVoteTwice'],
    lost: 'here the node dies between the two signatures',
  },
  {
    scenario: 'cometbft/state-29-finalize-block',
    tests: ['state_test TestFinalizeBlockCalled (2)'],
    lost: 'both cases in one run, one round after the other',
  },
  {
    scenario: 'cometbft/state-30-process-proposal',
    tests: ['state_test TestProcessProposalAccept (2)'],
    lost: 'both cases in one run, one round after the other',
  },
  {
    scenario: 'cometbft/state-31-selective-fsync',
    tests: ['state_test TestWALSelectiveFsync'],
    lost: 'the check that the message of a peer does not by itself cause a flush',
  },
  {
    scenario: 'cometbft/byzantine-1-prevote-equivocation',
    tests: ['byzantine_test TestByzantinePrevoteEquivocation'],
    lost: 'evidence in a block',
  },
  {
    scenario: 'cometbft/byzantine-2-conflicting-proposals-with-partition',
    tests: ['byzantine_test TestByzantineConflictingProposalsWithPartition'],
  },
  {
    scenario: 'cometbft/reactor-1-validator-set-changes',
    tests: ['reactor_test TestReactorValidatorSetChanges'],
    lost: 'updates by transactions: the sets are known by height',
  },
  {
    scenario: 'cometbft/reactor-2-voting-power-change',
    tests: ['reactor_test TestReactorVotingPowerChange'],
    lost: 'updates by transactions: the sets are known by height',
  },
  { scenario: 'cometbft/reactor-3-basic', tests: ['reactor_test TestReactorBasic'] },
  {
    scenario: 'cometbft/reactor-4-with-timeout-commit',
    tests: ['reactor_test TestReactorWithTimeoutCommit'],
  },
  {
    scenario: 'cometbft/reactor-5-invalid-precommit',
    tests: ['invalid_test TestReactorInvalidPrecommit'],
    lost: 'D goes on prevoting; in the original its key is taken away after that one vote',
  },
  { scenario: 'cometbft/e2e-1-libp2p-perturb', tests: ['e2e libp2p-pertub.toml'] },
  { scenario: 'cometbft/e2e-2-app-mempool-perturb', tests: ['e2e app-mempool-pertrub.toml'], lost: 'the mempool' },
  {
    scenario: 'cometbft/e2e-3-ci',
    tests: ['e2e ci.toml'],
    lost: 'initial_height 1000, state sync, light clients, evidence in blocks',
  },
  { scenario: 'cometbft/e2e-4-long', tests: ['e2e long.toml'], lost: 'the upgrade to another version' },
  {
    scenario: 'cometbft/e2e-5-blocksync-blocked',
    tests: ['e2e blocksync_blocked.toml'],
    lost: 'proposer-based timestamps',
  },
];
