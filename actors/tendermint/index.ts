/**
 * Tendermint: round statechart, vote keeper, driver, value sync, and the properties its votes must have.
 *
 * In: the types of a node's definition. Stays out: logs, networks, actors, clocks.
 */
export { type Chain, chainApplication, executingOtherwise } from './chain.ts';
export { type TendermintConfig, type TendermintState, type Timeouts, type ValueSync, validatorsAt } from './config.ts';
export { tendermint } from './definition.ts';
export { drive, startHeight } from './driver.ts';
export type { DriverOutput, HeightState } from './height-state.ts';
export { type ProposerRule, proposerOf } from './proposers.ts';
export { applyEvent } from './round-actions.ts';
export { compileChart, type JumpTable, jumpTable, type RoundEvent, roundChart } from './round-chart.ts';
export type { Subject } from './round-events.ts';
export type {
  Decision,
  Proposal,
  RoundStep,
  StartHeight,
  TendermintInput,
  TendermintMessage,
  ValidatorPower,
  Vote,
} from './types.ts';
export { isQuorum, totalPowerMax, validatorSet } from './validators.ts';
export { countVote, emptyKeeper, roundVotes, type Threshold, type VoteKeeper, votesOf } from './vote-keeper.ts';
