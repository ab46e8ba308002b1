/**
 * Tendermint as a `NodeDefinition`: the statechart of a round, the vote keeper, the driver of a height, and value sync.
 *
 * Everything here is a pure function. Logs, networks, actors and clocks are not here.
 *
 * @example
 * import { tendermint, type TendermintConfig } from './index.ts';
 *
 * const config: TendermintConfig = {
 *   self: 'A',
 *   hasKey: true,
 *   validatorSets: [{ from: 1, validators: [['A', 1], ['B', 1]] }],
 *   proposers: { rule: 'rotate', table: {} },
 *   timeouts: { propose: 300, prevote: 100, precommit: 100, perRound: 50 },
 *   rebroadcastMs: 500,
 *   scheme: 'none',
 * };
 * const definition = tendermint(config);
 * const { state, outputs } = definition.step(definition.start(config), definition.begin(config, 1));
 * console.log(state.core.step, outputs.map(({ type }) => type).join(' '));
 * // prints propose setTimer report ask setTimer
 */
export { timedChain } from './block-time.ts';
export { type Chain, chainApplication, executingOtherwise } from './chain.ts';
export { type TendermintConfig, type TendermintState, type Timeouts, type ValueSync, validatorsAt } from './config.ts';
export { tendermint } from './definition.ts';
export { drive, startHeight } from './driver.ts';
export { type ExtensionRules, extendedChain } from './extended-chain.ts';
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
