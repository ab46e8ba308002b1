/**
 * The types of Tendermint (arXiv 1807.04938): votes, proposals, certificates, decisions, and the inputs of a node.
 *
 * Heights count from 1, rounds from 0; -1 is no round; `null` is nil. Everything is plain and immutable.
 */

export type VoteType = 'prevote' | 'precommit';
export type TimeoutKind = 'propose' | 'prevote' | 'precommit';
/** `finalize`: the end of the finalization period. It is no timeout of a round. */
export type TimerKind = TimeoutKind | 'finalize';
export type RoundStep = 'unstarted' | 'propose' | 'prevote' | 'precommit' | 'commit';

export interface Vote {
  readonly type: 'vote';
  readonly voteType: VoteType;
  readonly height: number;
  readonly round: number;
  /** The id of a value, or nil. */
  readonly value: string | null;
  readonly validator: string;
  readonly signature: Uint8Array;
  /** Only where a configuration extends votes: what the validator's application adds to a precommit for a value. */
  readonly extension?: VoteExtension;
}

/** Bytes that an application adds to a precommit, with a signature of their own: the signature of the vote does not cover them. */
export type VoteExtension = readonly [bytes: Uint8Array, signature: Uint8Array];

export interface Proposal {
  readonly type: 'proposal';
  readonly height: number;
  readonly round: number;
  /** The id of the proposed value. */
  readonly value: string;
  /** The value itself. */
  readonly data: Uint8Array;
  readonly polRound: number;
  readonly proposer: string;
  readonly signature: Uint8Array;
  /** The application's judgement; absent until the host has judged. */
  readonly validity?: boolean;
}

/** The application's answer to a request for a value. */
export interface ProposedValue {
  readonly type: 'value';
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly data: Uint8Array;
}

/** The application's extension of the node's own precommit. */
export interface OwnExtension {
  readonly type: 'extension';
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly bytes: Uint8Array;
}

export interface Timeout {
  readonly type: 'timeout';
  readonly kind: TimerKind;
  readonly round: number;
}

/** A quorum of prevotes for a value: validator and signature of each. */
export interface PolkaCertificate {
  readonly type: 'polkaCertificate';
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly votes: readonly SignatureOf[];
}

/** A quorum of precommits for a value. In value sync it also has the value itself (`data`). */
export interface CommitCertificate {
  readonly type: 'commitCertificate';
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly votes: readonly SignatureOf[];
  readonly data?: Uint8Array;
}

/** In a commit certificate of extended votes each precommit has its extension. */
export type SignatureOf = readonly [validator: string, signature: Uint8Array, extension?: VoteExtension];

/** The votes with which a node may enter `round`: votes of that round from more than 1/3 of the power, or a quorum of precommits of the round before. */
export interface RoundCertificate {
  readonly type: 'roundCertificate';
  readonly height: number;
  readonly round: number;
  readonly votes: readonly Vote[];
}

export interface StartHeight {
  readonly type: 'start';
  readonly height: number;
  readonly validators: readonly ValidatorPower[];
  /** The proposer rule, timeouts, code version and signature scheme as a text. If the texts of two nodes differ, their configurations differ. */
  readonly rules: string;
}

export type ValidatorPower = readonly [name: string, power: number];

export interface Decision {
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly data: Uint8Array;
  readonly votes: readonly SignatureOf[];
}

export type TendermintInput =
  | StartHeight
  | Vote
  | Proposal
  | ProposedValue
  | OwnExtension
  | Timeout
  | PolkaCertificate
  | CommitCertificate
  | RoundCertificate
  /** The height that a peer reports as stored. Never logged. */
  | { readonly type: 'status'; readonly peer: string; readonly height: number }
  /** Decisions from a peer, oldest first. This input is not logged; each decision is logged when its height has come. */
  | { readonly type: 'synced'; readonly decisions: readonly CommitCertificate[] }
  /** The timer for sending own messages again has elapsed. Never logged. */
  | { readonly type: 'rebroadcast' };

/** An own message before it is signed. */
export type TendermintMessage = Omit<Vote, 'signature'> | Omit<Proposal, 'signature'>;
