/** The state of the driver at the present height, and its outputs. */

import type { ProposerRule } from './proposers.ts';
import type {
  CommitCertificate,
  Decision,
  PolkaCertificate,
  Proposal,
  RoundCertificate,
  RoundStep,
  TendermintMessage,
  TimeoutKind,
  TimerKind,
} from './types.ts';
import type { ValidatorSet } from './validators.ts';
import type { VoteKeeper } from './vote-keeper.ts';

export interface RoundAndValue {
  readonly round: number;
  readonly value: string;
}

export interface HeightState {
  readonly self: string;
  /** The node has a key and is in the validator set of this height. */
  readonly isVoting: boolean;
  readonly set: ValidatorSet;
  readonly proposers: ProposerRule;
  readonly height: number;
  readonly round: number;
  readonly step: RoundStep;
  readonly locked: RoundAndValue | undefined;
  readonly valid: RoundAndValue | undefined;
  readonly keeper: VoteKeeper;
  readonly proposals: readonly Proposal[];
  readonly polkas: readonly PolkaCertificate[];
  readonly commits: readonly CommitCertificate[];
  /** The timers that were started in the present round. */
  readonly started: readonly TimeoutKind[];
  /** The node has made its own proposal of the present round. */
  readonly hasProposed: boolean;
  /** The values of the present round whose polka has set the valid value already. */
  readonly validated: readonly string[];
  /** The certificate that let this node enter the present round; null if it needed none. */
  readonly entered: RoundCertificate | null;
  readonly decision: Decision | undefined;
  /** The node waits after a decision (finalization.ts). */
  readonly hasPeriod: boolean;
  /** The decision has gone to the application. */
  readonly isFinal: boolean;
  /** Precommits for a value carry an extension at this height. */
  readonly isExtended: boolean;
  /** The value of the present round whose precommit waits for its extension. */
  readonly extending: string | undefined;
}

export type DriverOutput =
  | { readonly type: 'say'; readonly message: TendermintMessage }
  | { readonly type: 'announce'; readonly data: RoundCertificate }
  | { readonly type: 'startTimer'; readonly kind: TimerKind; readonly round: number }
  /** With `extend`: for the extension of a precommit for that value; otherwise for a value. */
  | { readonly type: 'ask'; readonly height: number; readonly round: number; readonly extend?: string }
  | { readonly type: 'decide'; readonly decision: Decision }
  | {
      readonly type: 'report';
      readonly event: string;
      readonly detail: Readonly<Record<string, unknown>>;
      readonly isGated?: true;
    };

export interface Driven {
  readonly state: HeightState;
  readonly outputs: readonly DriverOutput[];
}

/** A mutable copy of the state, so that all changes of one step need only one copy. */
export type Draft = { -readonly [Field in keyof HeightState]: HeightState[Field] };

/** Copies a state. It lists all fields, because an object spread costs twenty times as much (docs/decisions/0006). */
export function draftOf(state: HeightState): Draft {
  return {
    self: state.self,
    isVoting: state.isVoting,
    set: state.set,
    proposers: state.proposers,
    height: state.height,
    round: state.round,
    step: state.step,
    locked: state.locked,
    valid: state.valid,
    keeper: state.keeper,
    proposals: state.proposals,
    polkas: state.polkas,
    commits: state.commits,
    started: state.started,
    hasProposed: state.hasProposed,
    validated: state.validated,
    entered: state.entered,
    decision: state.decision,
    hasPeriod: state.hasPeriod,
    isFinal: state.isFinal,
    isExtended: state.isExtended,
    extending: state.extending,
  };
}
