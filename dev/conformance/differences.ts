/**
 * Where the recorded sources are known to differ from the node under test: each row is named by what the record does. The first rows
 * are those where Malachite's specification differs from its engine, which is followed; the last two are of records of the engine.
 * A difference is found in the record alone, and what the node does instead is still asked for.
 */
export const differences = {
  afterDecision: 'commit is not terminal',
  timerRepeated: 'a timer is started at each repetition',
  invalidPolkaAnyStep: 'ProposalAndPolkaAndInvalid from any step',
  valueAnyStep: 'a value proposed in any step, carrying validRound',
  proposalAnyRound: "a proposal's round is not compared with the node's",
  skipLeavesRound: 'SkipRoundOutput leaves the round until NewRound',
  unstartedSteps: 'NoStep and UnstartedStep',
  equivocationCounts: 'an equivocating vote may still reach a threshold',
  skipRepeated: 'skip is repeated, and beats a precommit quorum of a future round',
  unknownValidator: 'an unknown validator weighs 0 and is recorded',
  valueAfterTimer: "a value after the proposer's own propose timer is still broadcast",
  invalidAtOnce: 'an invalid proposal with a polka round: prevote nil at once, and not kept',
  timerBeforeLock: 'polka and proposal in prevote: first the timer, the lock one step later',
  storedWaits: 'a stored proposal waits after a skip from propose to propose',
  pointlessTimer: 'a timer without a point is logged',
  changedMind: 'the application changes its mind about one value in one round',
} as const;

export type Difference = keyof typeof differences;
