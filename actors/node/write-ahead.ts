/**
 * The write-ahead shell. An input is framed before it is applied. Own messages are signed and framed where they are derived, and fed back
 * in the same step. What the gate holds leaves when its frames are durable (Malachite's ADR 007, extended).
 *
 * Works on a draft of one step. Not here: which messages lead here (consensus.ts), and what a replay must find (replay.ts).
 */

import type { Effect, Step } from '../../core/effects.ts';
import type { Position } from '../../core/events.ts';
import { appendFrame, comparePlaces, type FrameKind, type LogWriter, nothingSigned } from '../../wal/index.ts';
import { type Gate, hold } from './gate.ts';
import type { SigningGuard } from './guard.ts';
import { answered, armed, asked, disarmed, type Ledger, said } from './ledger.ts';
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

/** `waiting`: for recovery. `storing`: the height is over, its block durable, its successor not yet born. */
export type WriteAheadMode = 'waiting' | 'replaying' | 'running' | 'storing';

export type Held =
  | { readonly type: 'publish'; readonly data: { readonly type: string } }
  | { readonly type: 'decide'; readonly decision: unknown; readonly height: number };

export interface WriteAheadState {
  readonly mode: WriteAheadMode;
  readonly inner: ProtocolState;
  /** Undefined until recovery has said at which height this life begins. */
  readonly position: Position | undefined;
  readonly ledger: Ledger;
  readonly gate: Gate<Held>;
  /** Undefined: a node without a log, which follows and says nothing. */
  readonly writer: LogWriter | undefined;
  /** The highest sequence for which a flush was asked. */
  readonly flushing: number;
  readonly lastSigned: LastSigned;
  /** Own messages that replay has derived and not yet met in the log. */
  readonly owed: readonly ProtocolMessage[];
  /** A decision that replay has derived and not yet met in the log. */
  readonly owedDecision: { readonly decision: unknown } | undefined;
  /** The decision that replay derived and met in the log. */
  readonly decided: { readonly decision: unknown } | undefined;
  /** Frames replayed in this life. */
  readonly replayed: number;
}

export interface WriteAheadSetup {
  readonly definition: ProtocolDefinition;
  readonly config: ProtocolConfig;
  readonly signer: Signer;
  /** A signer with a file of its own asks this first. */
  readonly guard?: SigningGuard;
}

/** The working copy of one step: what `receive` changes before it returns a new immutable state. */
export interface Draft extends WriteAheadSetup {
  inner: ProtocolState;
  ledger: Ledger;
  gate: Gate<Held>;
  writer: LogWriter | undefined;
  lastSigned: LastSigned;
  readonly effects: Effect[];
}

export function draftOf(setup: WriteAheadSetup, state: WriteAheadState): Draft {
  const { inner, ledger, gate, writer, lastSigned } = state;
  const { definition, config, signer, guard } = setup;
  // Copies in hot loops name their fields: an object spread costs twenty times as much (docs/decisions/0006).
  const draft: Draft = { definition, config, signer, inner, ledger, gate, writer, lastSigned, effects: [] };
  return guard === undefined ? draft : { ...draft, guard };
}

/** The new state and the effects, with a flush asked for if the gate holds something that none covers. */
export function finished(draft: Draft, state: WriteAheadState): Step<WriteAheadState> {
  const { inner, ledger, gate, writer, lastSigned, effects } = draft;
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
    state: {
      mode,
      inner,
      position,
      ledger,
      gate,
      writer,
      flushing,
      lastSigned,
      owed,
      owedDecision,
      decided,
      replayed,
    },
    effects,
  };
}

/** Something to be applied: an input as it came (framed if it has a kind), one that had waited for its height, or an own message to be signed. */
export type Feed =
  | { readonly type: 'input'; readonly input: ProtocolInput; readonly kind: FrameKind | undefined }
  | { readonly type: 'kept'; readonly input: ProtocolInput }
  | { readonly type: 'own'; readonly message: ProtocolMessage };

/** Frames and applies inputs and, in the same step, all own messages and kept inputs that follow from them. */
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

/** Signs and frames an own message where it is derived; it leaves when its frame is durable. Undefined: the signer refuses, and nothing is said. */
function say(draft: Draft, message: ProtocolMessage): ProtocolInput | undefined {
  const { definition, signer } = draft;
  if (isRefused(draft, message)) return undefined;
  const input = definition.asInput(message, signer.sign(definition.toSign(message)));
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
  draft.ledger = said(draft.ledger, draft.definition.asWire(input));
}

/** A signer's file may name a later message than those that a replay meets. */
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
  if (key !== undefined) draft.ledger = answered(draft.ledger, key);
  const timer = draft.definition.timerOf(input);
  if (timer !== undefined) draft.ledger = disarmed(draft.ledger, timer);
  return outputs;
}

/**
 * Folds outputs into the ledger, and carries them out or holds them. Own messages and kept inputs join the queue. What an input
 * that was not logged announces is a repetition, and the ledger knows it already.
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
        if (isLogged) draft.ledger = said(draft.ledger, output.data);
        publish(draft, output.data);
        break;
      case 'send': {
        const message: PublishMessage = { type: 'publish', site: 'send', to: output.to, data: output.data };
        draft.effects.push({ type: 'tell', to: 'network', message });
        break;
      }
      case 'setTimer':
        draft.ledger = armed(draft.ledger, output.timer, output.delay);
        draft.effects.push({ type: 'timer.set', timer: output.timer, delay: output.delay });
        break;
      case 'cancelTimer':
        draft.ledger = disarmed(draft.ledger, output.timer);
        draft.effects.push({ type: 'timer.cancel', timer: output.timer });
        break;
      case 'ask':
        draft.ledger = asked(draft.ledger, output.key, output.request);
        draft.effects.push({ type: 'host.ask', request: output.request });
        break;
      case 'finish': {
        const { height } = draft.definition.position(draft.inner);
        append(draft, 'decided', draft.definition.encodeDecision(output.decision));
        pass(draft, { type: 'decide', decision: output.decision, height });
        break;
      }
      case 'report':
        draft.effects.push({ type: 'observe', event: output.event, detail: output.detail });
        break;
    }
  }
}

export function leave(held: Held): Effect {
  if (held.type === 'decide') return { type: 'host.decide', decision: held.decision, height: held.height };
  const message: PublishMessage = { type: 'publish', site: 'publish', to: 'all', data: held.data };
  return { type: 'tell', to: 'network', message };
}
