/** The configuration of a Tendermint node, and its state as the definition keeps it. */
import type { HeightState } from './height-state.ts';
import type { ProposerRule } from './proposers.ts';
import type { TendermintInput, TimeoutKind, ValidatorPower } from './types.ts';

/** Milliseconds of virtual time; a timeout grows by `perRound` with each round, or by what `growth` says of its kind. */
export interface Timeouts {
  readonly propose: number;
  readonly prevote: number;
  readonly precommit: number;
  readonly perRound: number;
  readonly growth?: Partial<Readonly<Record<TimeoutKind, number>>>;
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
  /** Other timeouts from a height on, in the order of their heights. */
  readonly later?: readonly { readonly from: number; readonly timeouts: Timeouts; readonly rebroadcastMs: number }[];
  /** Default: on, eight decisions at once, one request at a time. */
  readonly sync?: ValueSync;
  readonly scheme: string;
}

/** How a node that lags asks for decisions. */
export interface ValueSync {
  readonly isOff?: boolean;
  /** Decisions asked for in one request. */
  readonly batch?: number;
  /** Requests for heights one after another that are sent at once. */
  readonly parallel?: number;
}

/** A peer and the height that it has decided. */
export interface PeerAhead {
  readonly peer: string;
  readonly height: number;
  /** Other peers that said so before, the newest first: only where a node may have several requests open. */
  readonly others?: readonly { readonly peer: string; readonly height: number }[];
}

export interface TendermintState {
  readonly config: TendermintConfig;
  readonly core: HeightState;
  /** What waits for later heights, oldest first, and votes of rounds far ahead. */
  readonly early: readonly TendermintInput[];
  /** The peer that said last that it has decided more than this node. */
  readonly ahead: PeerAhead | undefined;
}

/** The timeouts of a height, and after which time messages are sent again at it. */
export function timingAt(config: TendermintConfig, height: number): Pick<TendermintConfig, 'timeouts' | 'rebroadcastMs'> {
  return config.later?.findLast(({ from }) => from <= height) ?? config;
}

export function timeoutMs({ growth, perRound, ...first }: Timeouts, kind: TimeoutKind, round: number): number {
  return first[kind] + round * (growth?.[kind] ?? perRound);
}

export function validatorsAt(
  { validatorSets }: Pick<TendermintConfig, 'validatorSets'>,
  height: number,
): readonly ValidatorPower[] {
  return validatorSets.findLast(({ from }) => from <= height)?.validators ?? [];
}
