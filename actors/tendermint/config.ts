/** The configuration of a Tendermint node, and its state as the definition keeps it. */
import type { HeightState } from './height-state.ts';
import type { TendermintInput, ValidatorPower } from './types.ts';
import type { ProposerRule } from './validators.ts';

/** Milliseconds of virtual time; a timeout grows by `perRound` with each round. */
export interface Timeouts {
  readonly propose: number;
  readonly prevote: number;
  readonly precommit: number;
  readonly perRound: number;
}

export interface TendermintConfig {
  readonly self: string;
  /** Without a key a node follows and says nothing. */
  readonly hasKey: boolean;
  /** The set of a height is the last entry with `from` at or below it. */
  readonly validatorSets: readonly { readonly from: number; readonly validators: readonly ValidatorPower[] }[];
  readonly proposers: ProposerRule;
  readonly timeouts: Timeouts;
  /** Milliseconds after which own messages of the present round are sent again. */
  readonly rebroadcastMs: number;
  readonly scheme: string;
}

export interface TendermintState {
  readonly config: TendermintConfig;
  readonly core: HeightState;
  /** What waits for later heights, oldest first, and votes of rounds far ahead. */
  readonly early: readonly TendermintInput[];
  /** The peer that said last that it has decided more than this node, and how far it is. */
  readonly ahead: { readonly peer: string; readonly height: number } | undefined;
}

export function validatorsAt(
  { validatorSets }: Pick<TendermintConfig, 'validatorSets'>,
  height: number,
): readonly ValidatorPower[] {
  return validatorSets.findLast(({ from }) => from <= height)?.validators ?? [];
}
