/**
 * The messages between the actors of one node. The path of one vote: `input` (network to consensus), an append and `flush` (consensus to
 * wal), `flushed` (back), `publish` (consensus to network).
 */

import type { Message, WireData } from '../../core/effects.ts';
import type { FoundApplication, FrameKind, LogWriter, Signed, SignedPlace } from '../../wal/index.ts';
import type { Peers } from './definition.ts';
import type { ProtocolInput } from './protocol-types.ts';

/** To consensus: an input from a peer (through the network actor) or from the host. */
export interface InputMessage extends Message {
  readonly type: 'input';
  readonly input: ProtocolInput;
}

/** To wal: make everything up to this sequence durable. */
export interface FlushMessage extends Message {
  readonly type: 'flush';
  readonly file: string;
  readonly upTo: number;
  /** The last own message up to this sequence. `attest: 'strict'` writes it into the attest file. */
  readonly signed: LastSigned;
}

/** The newest own message: height, round and kind, as the attest slot keeps them. */
export interface LastSigned extends SignedPlace {
  /** Set if the signer has a file: the bytes that the signature covers. */
  readonly bytes?: Uint8Array;
}

/** To consensus: the file of this life is durable up to the sequence. */
export interface FlushedMessage extends Message {
  readonly type: 'flushed';
  readonly life: number;
  readonly sequence: number;
}

/** To consensus: what recovery found. The number `frames` of replay frames follow. Without a writer the node only follows, and sends nothing. */
export interface RecoveredMessage extends Message {
  readonly type: 'recovered';
  readonly height: number;
  readonly writer: LogWriter | undefined;
  readonly frames: number;
  /** Set if the signer has a file: the last signature in it. */
  readonly signed?: Signed;
  /** The replay is delayed: until `replay.due` the node waits for a decision of its peers. */
  readonly isDelayed?: true;
  /** For a protocol with `resume`: the newest stored block, if there is one. */
  readonly block?: Uint8Array;
}

/** Wal to consensus: the delay is over. Consensus to wal: send the frames now. */
export interface ReplayDueMessage extends Message {
  readonly type: 'replay.due';
}

export interface ReplayFrameMessage extends Message {
  readonly type: 'replay.frame';
  readonly kind: FrameKind;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export interface ReplayEndMessage extends Message {
  readonly type: 'replay.end';
}

/** Consensus to wal: the block before this height is stored; create the segment of this height and remove the old one. */
export interface AdvanceMessage extends Message {
  readonly type: 'advance';
  readonly height: number;
  readonly writer: LogWriter | undefined;
}

/** Wal to consensus: the segment of this height exists durably, and the one before is removed. */
export interface SegmentMessage extends Message {
  readonly type: 'segment';
  readonly height: number;
  readonly writer: LogWriter | undefined;
}

/** Host to consensus and network: the block is durable. */
export interface StoredMessage extends Message {
  readonly type: 'stored';
  readonly height: number;
}

/** Consensus to network: a message for all peers (`publish`), or other data for some of them (`send`). */
export interface PublishMessage extends Message {
  readonly type: 'publish';
  readonly site: 'publish' | 'send';
  readonly to: Peers;
  readonly data: WireData;
}

/** Wal to host: what the block store holds. */
export interface RestoredMessage extends Message {
  readonly type: 'restored';
  readonly store: LogWriter;
  /** The newest blocks, oldest first. */
  readonly blocks: readonly Uint8Array[];
  /** Where the application has a store of its own: what that says. */
  readonly application?: FoundApplication;
}

/** Host to itself, at a start: the application executes this block again, which it has not committed. */
export interface ReplayBlockMessage extends Message {
  readonly type: 'replay.block';
  readonly height: number;
  readonly decision: unknown;
  /** The digest of the application's state after it, as the block says. */
  readonly digest: number;
}

/** Host to consensus: the application could not commit this decision, and asks for the height anew. Nothing of it is stored. */
export interface RestartHeightMessage extends Message {
  readonly type: 'restart.height';
  readonly height: number;
  readonly decision: unknown;
}

/** Host to wal: the application is where the block store is, and the height can begin. */
export interface ApplicationReadyMessage extends Message {
  readonly type: 'application.ready';
}

/** Consensus to host: a request to the application. */
export interface AskMessage extends Message {
  readonly type: 'ask';
  readonly request: unknown;
  /** What the wall clock of the machine says (ms); only where the scenario has block times. */
  readonly clock?: number;
}

/** Network to host: complete this input and pass it to consensus. */
export interface JudgeMessage extends Message {
  readonly type: 'judge';
  readonly input: ProtocolInput;
}

/** Network to host: a peer asks for this node's height, with proof. */
export interface TellHeightMessage extends Message {
  readonly type: 'tell.height';
  readonly to: string;
  readonly inquiry: number;
}

/** Host to network: this node's height and its proof, for that peer. */
export interface HeightToldMessage extends Message {
  readonly type: 'height.told';
  readonly to: string;
  readonly inquiry: number;
  readonly height: number;
  readonly proof: unknown;
}

/** Network to wal: peers have answered; this node may vote again after height `until`. */
export interface AbstainUntilMessage extends Message {
  readonly type: 'abstain.until';
  readonly until: number;
}

/** Network to host: send these blocks to a peer that lags. */
export interface ServeMessage extends Message {
  readonly type: 'serve';
  readonly to: string;
  readonly height: number;
  readonly count: number;
}
