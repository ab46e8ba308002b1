/**
 * `NodeDefinition`: what a protocol must define to become a durable node. It has a pure step function, and the encodings of inputs on disk and in messages.
 *
 * Everything else (write-ahead logging, the gate, replay, timers, the host) is done by the actors of this folder for any
 * protocol. Tendermint is one definition; the replicated counter of the tests is another.
 */
import type { WireData } from '../../core/effects.ts';
import type { Position } from '../../core/events.ts';
import type { Signed } from '../../wal/index.ts';

export type Peers = 'all' | readonly string[];

export type Output<Input, Message> =
  /** An own message. It is signed, logged, applied as the next input, and published when its frame is durable. */
  | { readonly type: 'say'; readonly message: Message }
  /** A certificate that the node has assembled, or a re-broadcast. It leaves when everything logged so far is durable; it is not an input. */
  | { readonly type: 'announce'; readonly data: WireData }
  /** Leaves at once. It must contain nothing that a crash could make untrue. */
  | { readonly type: 'send'; readonly to: Peers; readonly data: WireData }
  /** `delay` is ms of virtual time. */
  | { readonly type: 'setTimer'; readonly timer: string; readonly delay: number }
  | { readonly type: 'cancelTimer'; readonly timer: string }
  /** A request to the host, sent at once. `key` names the request until an input answers it. */
  | { readonly type: 'ask'; readonly key: string; readonly request: unknown }
  /** A decision for the host. It is sent when its frame is durable. After the host has stored it, the next height begins. */
  | { readonly type: 'finish'; readonly decision: unknown }
  /** An input that waited for this height. It is logged and applied now. */
  | { readonly type: 'resume'; readonly input: Input }
  /** A report, some evidence or a mark, for the trace. A gated one is made when everything logged so far is durable. */
  | {
      readonly type: 'report';
      readonly event: string;
      readonly detail: Readonly<Record<string, unknown>>;
      readonly isGated?: true;
    };

export interface Transition<State, Input, Message> {
  readonly state: State;
  readonly outputs: readonly Output<Input, Message>[];
}

/** What to do with an input. `log`: log it, then apply it. `pass`: apply it without logging; it may change only the fields in `leftOut`. `drop`: ignore it. */
export type Admission = 'log' | 'pass' | 'drop';

/** Checks that `name` signed these bytes. */
export type Verify = (name: string, bytes: Uint8Array, signature: Uint8Array) => boolean;

export interface NodeDefinition<Config, State, Input, Message> {
  readonly name: string;
  /** The state before the first height. */
  start(config: Config): State;
  /** The configuration of the same node without its key: it follows, and sends nothing of its own. */
  follower(config: Config): Config;
  /** The configuration of the same node without consensus: it takes decisions of its peers alone. A node waits with it before a delayed replay. */
  syncOnly?(config: Config): Config;
  /** The input that begins a height: the first frame of its log. A log that began otherwise belongs to another configuration. */
  begin(config: Config, height: number): Input;
  /**
   * The input that begins a height after a decision, for a protocol whose state goes on from height to height. The decision is durable, and the input must
   * contain all of the state that still counts, because the log of the height before is removed. Without this function each height begins with `begin`.
   */
  resume?(config: Config, decision: unknown): Input;
  /** Applies an input. It must be pure: no clock, no randomness, no I/O. */
  step(state: State, input: Input): Transition<State, Input, Message>;
  /** The height and round in the names of crash points; the height also selects the segment. A protocol without heights returns height 1 and its term. */
  position(state: State): Position;
  /** Says what to do with an input: usually duplicates are dropped, inputs for a later height pass and wait in the state, and all others are logged. */
  admit(state: State, input: Input): Admission;
  /** The input that says that a timer has elapsed. */
  elapsed(timer: string): Input;
  /** The timer that has elapsed, if this input says so. */
  timerOf(input: Input): string | undefined;
  /** The key of the request to the host which this input answers, if it answers one. */
  answers(input: Input): string | undefined;
  /** Turns received data into an input, and checks all signatures, also those in certificates. Undefined if the data is refused. */
  receive(data: WireData, from: string, verify: Verify): Input | undefined;
  /** Whether the host must judge this input (`Application.judge`) before the node sees it. */
  needsJudgement(input: Input): boolean;
  /** The bytes a signature covers. */
  toSign(message: Message): Uint8Array;
  /** The bytes of a second signature, if the message has a part that `toSign` does not cover, such as the extension of a vote. */
  toSignToo?(message: Message): Uint8Array | undefined;
  /** The signed message as an input. */
  asInput(message: Message, signature: Uint8Array, second?: Uint8Array): Input;
  /** The signature within an own message's input, for replay, which never signs again. */
  signatureOf(input: Input): Uint8Array;
  /** The second signature within it, if it has one. */
  secondSignatureOf?(input: Input): Uint8Array | undefined;
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
  /** Counts what a state contains (`votes`, `locks`, ...), to report what a replay has restored. */
  summary(state: State): Readonly<Record<string, number>>;
}

/** The application of a node, as pure functions: it proposes values, judges them and executes decisions. Its state is plain data, and follows from the decisions. */
export interface Application<AppState, Input> {
  /**
   * Its answers and judgements depend on its state or on the newest decision. At a start the host then answers nothing before it has read the stored blocks,
   * even where the log has asked already.
   */
  readonly answersFromState?: true;
  start(): AppState;
  /**
   * Answers a request. `nonce` is different for each request (node, life and count), so that answers differ as with a real mempool. `newest`: the newest
   * decision in the block store, if there is one. `clock`: what the wall clock of the machine says (ms), where the scenario has one.
   */
  answer(state: AppState, request: unknown, nonce: string, newest?: () => unknown, clock?: number): Input;
  /**
   * Whether an input can be judged only when more decisions are executed. The host keeps it until then. Without this function every input is judged when it
   * comes.
   */
  isTooEarly?(state: AppState, input: Input): boolean;
  /** Judges an input for which `needsJudgement` is true. Returns the input with the judgement, or undefined if the node must drop it. */
  judge(state: AppState, input: Input): Input | undefined;
  execute(state: AppState, decision: unknown): AppState;
  /** Why a decision cannot be executed on this state (it was made on another state); undefined if it can. Without this function every decision can. */
  refusal?(state: AppState, decision: unknown): string | undefined;
  /** A digest of the state, stored with each block. */
  digest(state: AppState): number;
}

/** The payload of a frame cannot be decoded. Recovery treats this as damage, and never as a torn tail. */
export class PayloadError extends Error {
  readonly code = 'PAYLOAD_NOT_UNDERSTOOD';
  override readonly name = 'PayloadError';
}
