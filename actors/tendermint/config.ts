/** The configuration of a Tendermint node, and the state of its definition. */
import type { HeightState } from './height-state.ts';
import type { ProposerRule } from './proposers.ts';
import type { TendermintInput, TimeoutKind, ValidatorPower } from './types.ts';

/** The timeouts of round 0, in milliseconds of virtual time. With each round they grow by `perRound`, or by the amount in `growth` for their kind. */
export interface Timeouts {
  readonly propose: number;
  readonly prevote: number;
  readonly precommit: number;
  readonly perRound: number;
  readonly growth?: Partial<Readonly<Record<TimeoutKind, number>>>;
}

export interface TendermintConfig {
  readonly self: string;
  /** A node without a key follows, and sends no votes or proposals of its own. */
  readonly hasKey: boolean;
  /** Consensus is switched off: the node takes decisions from value sync alone. */
  readonly isSyncOnly?: boolean;
  /** Validator sets. A height uses the last entry whose `from` is not above it. */
  readonly validatorSets: readonly { readonly from: number; readonly validators: readonly ValidatorPower[] }[];
  readonly proposers: ProposerRule;
  readonly timeouts: Timeouts;
  /** The interval (ms) at which own messages of the present round are sent again. */
  readonly rebroadcastMs: number;
  /** Other timeouts from a height on, in the order of their heights. */
  readonly later?: readonly { readonly from: number; readonly timeouts: Timeouts; readonly rebroadcastMs: number }[];
  /** How value sync works (default: eight decisions in a request, one request at a time). */
  readonly sync?: ValueSync;
  /** From this height on, each precommit for a value carries an extension that the validator's application makes. */
  readonly voteExtensionsFrom?: number;
  /** How long (ms) a node waits after a decision, so that precommits which come late join its certificate (default: not at all). */
  readonly finalizationMs?: number;
  readonly scheme: string;
}

/** How a node that lags asks for decisions. */
export interface ValueSync {
  readonly isOff?: boolean;
  /** The number of decisions in one request. */
  readonly batch?: number;
  /** The number of requests that are sent at once, for consecutive heights. */
  readonly parallel?: number;
}

/** A peer and the height that it has decided. */
export interface PeerAhead {
  readonly peer: string;
  readonly height: number;
  /** Other peers that said so before, the newest first: only if a node may have several requests open. */
  readonly others?: readonly { readonly peer: string; readonly height: number }[];
}

export interface TendermintState {
  readonly config: TendermintConfig;
  readonly core: HeightState;
  /** Inputs that wait: those of later heights, oldest first, and votes of rounds far ahead. */
  readonly early: readonly TendermintInput[];
  /** The last peer that reported a higher height than this node's. */
  readonly ahead: PeerAhead | undefined;
}

/** The timeouts of a height, and its interval for sending messages again. */
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
