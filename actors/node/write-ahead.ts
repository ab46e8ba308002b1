/**
 * The rules of write-ahead logging. An input is appended to the log before it is applied. An own message is signed, appended and applied in the step that
 * derives it. Gated outputs leave when their frames are durable (Malachite's ADR 007, extended).
 *
 * The functions work on a mutable draft of one step. Not here: the handling of messages (consensus.ts), and the checks of a replay (replay.ts).
 */

import type { Effect, Step } from '../../core/effects.ts';
import type { Position } from '../../core/events.ts';
import { appendFrame, comparePlaces, type FrameKind, type LogWriter, nothingSigned } from '../../wal/index.ts';
import { type Gate, hold } from './gate.ts';
import type { SigningGuard } from './guard.ts';
import { type Ledger, withMessage, withoutRequest, withoutTimer, withRequest, withTimer } from './ledger.ts';
import type { FlushMessage, LastSigned, PublishMessage } from './messages.ts';
import type {
  ProtocolConfig,
  ProtocolDefinition,
  ProtocolInput,
  ProtocolMessage,
  ProtocolOutput,
  ProtocolState,
} from './protocol-types.ts';
import type { Signer } from './signing.ts';

/** `waiting`: for recovery. `delayed`: the replay waits, and value sync goes first. `storing`: the height's block is durable, and the segment of the next height does not exist yet. */
export type WriteAheadMode = 'waiting' | 'delayed' | 'replaying' | 'running' | 'storing';

export type Held =
  | { readonly type: 'publish'; readonly data: { readonly type: string } }
  | { readonly type: 'decide'; readonly decision: unknown; readonly height: number }
  | { readonly type: 'report'; readonly event: string; readonly detail: Readonly<Record<string, unknown>> };

export interface WriteAheadState {
  readonly mode: WriteAheadMode;
  readonly inner: ProtocolState;
  /** Undefined until recovery has found the height at which this life begins. */
  readonly position: Position | undefined;
  readonly ledger: Ledger;
  readonly gate: Gate<Held>;
  /** Undefined for a node without a log: it follows and sends nothing of its own. */
  readonly writer: LogWriter | undefined;
  /** The highest sequence for which a flush was asked. */
  readonly flushing: number;
  readonly lastSigned: LastSigned;
  /** Own messages that replay has derived and not yet found in the log. */
  readonly owed: readonly ProtocolMessage[];
  /** A decision that replay has derived and not yet found in the log. */
  readonly owedDecision: { readonly decision: unknown } | undefined;
  /** The decision that replay derived and found in the log. */
  readonly decided: { readonly decision: unknown } | undefined;
  /** The number of frames that were replayed in this life. */
  readonly replayed: number;
  /** While the replay is delayed: what recovery found. */
  readonly delayed?: Delayed;
  /** For a protocol with `resume`: the decision before the present height, and that of the present height once it is made. */
  readonly previous: { readonly decision: unknown } | undefined;
}

export interface Delayed {
  readonly height: number;
  readonly frames: number;
  readonly writer: LogWriter;
  /** Value sync has brought a decision, so that the log will not be replayed. */
  readonly isDecided: boolean;
}

export interface WriteAheadSetup {
  readonly definition: ProtocolDefinition;
  readonly config: ProtocolConfig;
  readonly signer: Signer;
  /** Set if the signer keeps a file of its last signature. It asks the guard before it signs. */
  readonly guard?: SigningGuard;
}

/** The mutable working copy of one step. `receive` turns it into a new immutable state at the end. */
export interface Draft extends WriteAheadSetup {
  inner: ProtocolState;
  ledger: Ledger;
  gate: Gate<Held>;
  writer: LogWriter | undefined;
  lastSigned: LastSigned;
  previous: WriteAheadState['previous'];
  readonly effects: Effect[];
}

export function draftOf(setup: WriteAheadSetup, state: WriteAheadState): Draft {
  const { inner, ledger, gate, writer, lastSigned, previous } = state;
  const { definition, config, signer, guard } = setup;
  // Copies in hot loops name their fields: an object spread costs twenty times as much (docs/decisions/0006).
  const draft: Draft = { definition, config, signer, inner, ledger, gate, writer, lastSigned, previous, effects: [] };
  return guard === undefined ? draft : { ...draft, guard };
}

/** Ends a step: returns the new state and the effects. It requests a flush if the gate holds an output that no requested flush covers. */
export function finished(draft: Draft, state: WriteAheadState): Step<WriteAheadState> {
  const { inner, ledger, gate, writer, lastSigned, previous, effects } = draft;
  let { flushing } = state;
  const last = gate.held[gate.held.length - 1];
  if (last !== undefined && last.needs > flushing && writer !== undefined) {
    flushing = writer.sequence;
    const message: FlushMessage = { type: 'flush', file: writer.file, upTo: flushing, signed: lastSigned };
    effects.push({ type: 'tell', to: 'wal', message });
  }
  const now = draft.definition.position(inner);
  const at = state.position;
  const position =
    at !== undefined && at.height === now.height && at.round === now.round ? at : { height: now.height, round: now.round };
  const { mode, owed, owedDecision, decided, replayed } = state;
  return {
    state: { mode, inner, position, ledger, gate, writer, flushing, lastSigned, owed, owedDecision, decided, replayed, previous },
    effects,
  };
}

/** Something to apply: a received input (logged if it has a kind), an input that waited for its height, or an own message to sign. */
export type Feed =
  | { readonly type: 'input'; readonly input: ProtocolInput; readonly kind: FrameKind | undefined }
  | { readonly type: 'kept'; readonly input: ProtocolInput }
  | { readonly type: 'own'; readonly message: ProtocolMessage };

/** Logs and applies the inputs, and in the same step all own messages and kept inputs that follow from them. */
export function feedAll(draft: Draft, queue: Feed[]): void {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (next.type === 'kept' && draft.definition.admit(draft.inner, next.input) !== 'log') continue;
    const input = next.type === 'own' ? say(draft, next.message) : next.input;
    if (input === undefined) continue;
    const kind = next.type === 'input' ? next.kind : 'input';
    if (next.type !== 'own' && kind !== undefined) append(draft, kind, draft.definition.encode(input));
    carryAll(draft, applied(draft, input), queue, kind !== undefined);
  }
}

/** Signs and logs an own message. It leaves when its frame is durable. Undefined if the signer refuses; then nothing is logged or sent. */
function say(draft: Draft, message: ProtocolMessage): ProtocolInput | undefined {
  const { definition, signer } = draft;
  if (isRefused(draft, message)) return undefined;
  const more = definition.toSignToo?.(message);
  const second = more === undefined ? undefined : signer.sign(more);
  const input = definition.asInput(message, signer.sign(definition.toSign(message)), second);
  append(draft, 'own', definition.encode(input));
  noteSaid(draft, input);
  publish(draft, definition.asWire(input));
  draft.effects.push({ type: 'observe', event: 'said', detail: { input } });
  return input;
}

function isRefused({ definition, guard, lastSigned, effects }: Draft, message: ProtocolMessage): boolean {
  if (guard === undefined || definition.signs === undefined) return false;
  const input = definition.asInput(message, unsigned);
  const code = guard.refusal({ ...nothingSigned, ...lastSigned }, definition.signs(input));
  if (code !== undefined) effects.push({ type: 'observe', event: 'sign.refused', detail: { input, code } });
  return code !== undefined;
}

const unsigned = new Uint8Array();

export function noteSaid(draft: Draft, input: ProtocolInput): void {
  draft.lastSigned = afterSaying(draft, input);
  draft.ledger = withMessage(draft.ledger, draft.definition.asWire(input));
}

/** The newest own message after this one. The signer's file may name a later message than those in a replay. */
function afterSaying({ definition, guard, inner, lastSigned }: Draft, input: ProtocolInput): LastSigned {
  const { height, round } = definition.position(inner);
  if (guard === undefined || definition.signs === undefined) return { height, round, kind: definition.signedKind(input) };
  const signed = definition.signs(input);
  return comparePlaces(signed, lastSigned) < 0 ? lastSigned : signed;
}

export function append(draft: Draft, kind: FrameKind, payload: Uint8Array): void {
  if (draft.writer === undefined) return;
  const { writer, bytes } = appendFrame(draft.writer, kind, payload);
  const operation = { type: 'append', file: draft.writer.file, bytes } as const;
  draft.writer = writer;
  draft.effects.push({ type: 'disk', site: 'wal.append', operation, tag: writer.sequence });
}

export function publish(draft: Draft, data: { readonly type: string }): void {
  pass(draft, { type: 'publish', data });
}

export function pass(draft: Draft, held: Held): void {
  const { gate, released } = hold(draft.gate, held, draft.writer?.sequence ?? 0);
  draft.gate = gate;
  for (const output of released) draft.effects.push(leave(output));
}

/** Applies one input to the protocol and to the ledger. */
export function applied(draft: Draft, input: ProtocolInput): readonly ProtocolOutput[] {
  const { state, outputs } = draft.definition.step(draft.inner, input);
  draft.inner = state;
  const key = draft.definition.answers(input);
  if (key !== undefined) draft.ledger = withoutRequest(draft.ledger, key);
  const timer = draft.definition.timerOf(input);
  if (timer !== undefined) draft.ledger = withoutTimer(draft.ledger, timer);
  return outputs;
}

/**
 * Notes outputs in the ledger, and executes or holds them. Own messages and kept inputs are added to the queue. If the input was not logged, its
 * announcements are repetitions that the ledger already has.
 */
function carryAll(draft: Draft, outputs: readonly ProtocolOutput[], queue: Feed[], isLogged: boolean): void {
  for (const output of outputs) {
    switch (output.type) {
      case 'say':
        queue.push({ type: 'own', message: output.message });
        break;
      case 'resume':
        queue.push({ type: 'kept', input: output.input });
        break;
      case 'announce':
        if (isLogged) draft.ledger = withMessage(draft.ledger, output.data);
        publish(draft, output.data);
        break;
      case 'send': {
        const message: PublishMessage = { type: 'publish', site: 'send', to: output.to, data: output.data };
        draft.effects.push({ type: 'tell', to: 'network', message });
        break;
      }
      case 'setTimer':
        draft.ledger = withTimer(draft.ledger, output.timer, output.delay);
        draft.effects.push({ type: 'timer.set', timer: output.timer, delay: output.delay });
        break;
      case 'cancelTimer':
        draft.ledger = withoutTimer(draft.ledger, output.timer);
        draft.effects.push({ type: 'timer.cancel', timer: output.timer });
        break;
      case 'ask':
        draft.ledger = withRequest(draft.ledger, output.key, output.request);
        draft.effects.push({ type: 'host.ask', request: output.request });
        break;
      case 'finish': {
        const { height } = draft.definition.position(draft.inner);
        append(draft, 'decided', draft.definition.encodeDecision(output.decision));
        noteDecision(draft, output.decision);
        pass(draft, { type: 'decide', decision: output.decision, height });
        break;
      }
      case 'report':
        if (output.isGated === true) pass(draft, { type: 'report', event: output.event, detail: output.detail });
        else draft.effects.push({ type: 'observe', event: output.event, detail: output.detail });
        break;
    }
  }
}

/** Notes the decision with which the next height begins, for a protocol with `resume`. */
export function noteDecision(draft: Draft, decision: unknown): void {
  if (draft.definition.resume !== undefined) draft.previous = { decision };
}

/** The first input of a height. */
export function firstInput(
  { definition, config }: WriteAheadSetup,
  height: number,
  previous: WriteAheadState['previous'],
): ProtocolInput {
  return previous === undefined || definition.resume === undefined
    ? definition.begin(config, height)
    : definition.resume(config, previous.decision);
}

export function leave(held: Held): Effect {
  if (held.type === 'report') return { type: 'observe', event: held.event, detail: held.detail };
  if (held.type === 'decide') return { type: 'host.decide', decision: held.decision, height: held.height };
  const message: PublishMessage = { type: 'publish', site: 'publish', to: 'all', data: held.data };
  return { type: 'tell', to: 'network', message };
}
