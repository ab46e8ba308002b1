/**
 * What a protocol must say to become a durable node: a pure step function, and how its inputs look on disk and on the wire.
 *
 * Everything else (write-ahead logging, the gate, replay, timers, the host) is done by the actors of this folder for any
 * protocol. Tendermint is one definition; the replicated counter of the tests is another.
 */
import type { WireData } from '../../core/effects.ts';
import type { Position } from '../../core/events.ts';
import type { Signed } from '../../wal/index.ts';

export type Peers = 'all' | readonly string[];

export type Output<Input, Message> =
  /** Own message: signed, framed, fed back as the next input, and published when the gate opens. */
  | { readonly type: 'say'; readonly message: Message }
  /** Gated, not fed back: a certificate assembled here, or a re-broadcast. */
  | { readonly type: 'announce'; readonly data: WireData }
  /** Leaves at once: it reveals nothing that a crash could make untrue. */
  | { readonly type: 'send'; readonly to: Peers; readonly data: WireData }
  /** `delay` is ms of virtual time. */
  | { readonly type: 'setTimer'; readonly timer: string; readonly delay: number }
  | { readonly type: 'cancelTimer'; readonly timer: string }
  /** To the host, at once. `key` names the request until an input answers it. */
  | { readonly type: 'ask'; readonly key: string; readonly request: unknown }
  /** Gated: to the host; when it is stored the next segment is born and `begin` is fed. */
  | { readonly type: 'finish'; readonly decision: unknown }
  /** An input that was kept for this height: logged and fed back now. */
  | { readonly type: 'resume'; readonly input: Input }
  /** Words, evidence and marks, for the trace. */
  | { readonly type: 'report'; readonly event: string; readonly detail: Readonly<Record<string, unknown>> };

export interface Transition<State, Input, Message> {
  readonly state: State;
  readonly outputs: readonly Output<Input, Message>[];
}

/** `log`: frame it, then apply it. `pass`: apply it unlogged; it may change only the fields in `leftOut`. `drop`: neither. */
export type Admission = 'log' | 'pass' | 'drop';

/** Checks that `name` signed these bytes. */
export type Verify = (name: string, bytes: Uint8Array, signature: Uint8Array) => boolean;

export interface NodeDefinition<Config, State, Input, Message> {
  readonly name: string;
  /** The state before the first height. */
  start(config: Config): State;
  /** The configuration of the same node without its key: it follows, and says nothing. */
  follower(config: Config): Config;
  /** The input that begins a height: the first frame of its log. A log that began otherwise belongs to another configuration. */
  begin(config: Config, height: number): Input;
  /** Pure: no clock, no randomness, no I/O. */
  step(state: State, input: Input): Transition<State, Input, Message>;
  /** Names crash points and chooses the segment. A protocol without heights answers 1 and its term. */
  position(state: State): Position;
  /** Duplicates are dropped, what is for a later height passes and waits in the state, all else is logged. */
  admit(state: State, input: Input): Admission;
  /** The input that says that a timer has elapsed. */
  elapsed(timer: string): Input;
  /** The timer whose elapsing this input is, if it is one. */
  timerOf(input: Input): string | undefined;
  /** The key of the request to the host which this input answers, if it answers one. */
  answers(input: Input): string | undefined;
  /** What came over the wire as an input, signatures checked (those within certificates too); undefined: refused. */
  receive(data: WireData, from: string, verify: Verify): Input | undefined;
  /** Whether the host must judge this input (`Application.judge`) before the node sees it. */
  needsJudgement(input: Input): boolean;
  /** The bytes a signature covers. */
  toSign(message: Message): Uint8Array;
  /** The signed message as an input. */
  asInput(message: Message, signature: Uint8Array): Input;
  /** The signature within an own message's input, for replay, which never signs again. */
  signatureOf(input: Input): Uint8Array;
  /** The signed message as it is published. */
  asWire(input: Input): WireData;
  /** The kind of an own message, a small number: with its height and round it names what may be signed once only. */
  signedKind(input: Input): number;
  /** An own message as its signer remembers it: its place, at which nothing else may be signed, and the bytes that its signature covers. */
  signs?(input: Input): Signed;
  /** The payload of one frame. Throws `PayloadError` on bytes that are not understood. */
  encode(input: Input): Uint8Array;
  decode(bytes: Uint8Array): Input;
  encodeDecision(decision: unknown): Uint8Array;
  decodeDecision(bytes: Uint8Array): unknown;
  /** Whether a decision, with the certificate it carries, shows that `height` was decided. */
  proves(decision: unknown, height: number, verify: Verify): boolean;
  /** Whether these nodes hold more than two thirds of all power at a height. */
  isQuorum(names: readonly string[], height: number): boolean;
  /**
   * Names of the state's fields that need not survive a crash, such as inputs that wait for a later height. They may change only the outputs `send`,
   * `report` and `resume`: the checker compares all other fields by value, and refuses a definition whose other outputs depend on these.
   */
  readonly leftOut: readonly string[];
  /** What a state holds, counted in the protocol's words (`votes`, `locks`, ...): what a replay has brought back. */
  summary(state: State): Readonly<Record<string, number>>;
}

/** The application of a node, as a pure reducer: it proposes, judges and executes. Its state, plain data, is the fold of the decisions. */
export interface Application<AppState, Input> {
  start(): AppState;
  /** Answers an `ask`. `nonce` differs at each asking (node, life and count), as a real mempool does. */
  answer(state: AppState, request: unknown, nonce: string): Input;
  /** Completes an input for which `needsJudgement` holds. */
  judge(state: AppState, input: Input): Input;
  execute(state: AppState, decision: unknown): AppState;
  /** Why a decision cannot be executed on this state, in words: it was made on another one. Left out: every decision can. */
  refusal?(state: AppState, decision: unknown): string | undefined;
  /** A digest of the state, stored with each block. */
  digest(state: AppState): number;
}

/** A frame's payload was not understood; recovery calls this damage, never a torn tail. */
export class PayloadError extends Error {
  readonly code = 'PAYLOAD_NOT_UNDERSTOOD';
  override readonly name = 'PayloadError';
}
