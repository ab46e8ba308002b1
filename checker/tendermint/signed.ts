/**
 * What nodes sign and decide, as an observer sees it: own frames in appends to the log, votes and proposals on the wire, decisions
 * handed to the host. Knows the layout of a frame, and no code that writes or reads one.
 */

import { decodeInput } from '../../actors/tendermint/codec.ts';
import type { Decision, Proposal, Vote } from '../../actors/tendermint/types.ts';
import type { WireData } from '../../core/effects.ts';
import type { Monitor, RunEvent, Verdict, Violation, Watched } from '../../core/events.ts';
import { wordsOf } from '../violation-words.ts';

export interface Signed {
  readonly node: string;
  readonly message: Vote | Proposal;
  /** It is on its way to another node; otherwise it was framed. */
  readonly hasLeft: boolean;
  readonly event: number;
}

const ownFrame = 4;
const frameHeader = 32;
/** Where a node signs or sends, and where it decides. */
export const whereSigned = ['disk append', 'effect transmit'] as const;
export const whereDecided = ['effect host.decide'] as const;
const decoded = new WeakMap<Uint8Array, Vote | Proposal>();

/** Six monitors ask about one event, one after another. */
let asked: RunEvent | undefined;
let found: Signed | undefined;

/** The message a node signed or sent by this event. What it relays of others is not its own. */
export function signedIn(event: RunEvent): Signed | undefined {
  if (event !== asked) {
    found = findSigned(event);
    asked = event;
  }
  return found;
}

function findSigned(event: RunEvent): Signed | undefined {
  if (event.type !== 'effect') return undefined;
  const { effect, node, index } = event;
  if (effect.type === 'transmit') {
    const message = effect.data as Vote | Proposal;
    // What is passed on was said before, be it by the node itself in a life that it has forgotten.
    return effect.site !== 'relay' && isOwnMessage(message, node) && effect.to.length > 0
      ? { node, message, hasLeft: true, event: index }
      : undefined;
  }
  if (effect.type !== 'disk' || effect.site !== 'wal.append' || effect.operation.type !== 'append') return undefined;
  const { bytes } = effect.operation;
  if (bytes[4] !== ownFrame) return undefined;
  return { node, message: messageIn(bytes), hasLeft: false, event: index };
}

/** What a node relays of others is not its own. */
export function isOwnMessage(data: WireData, node: string): boolean {
  const message = data as Vote | Proposal;
  return message.type === 'vote' ? message.validator === node : message.type === 'proposal' && message.proposer === node;
}

export interface DecisionSeen {
  readonly node: string;
  readonly decision: Decision;
  readonly event: number;
}

export function decisionIn(event: RunEvent): DecisionSeen | undefined {
  if (event.type !== 'effect' || event.effect.type !== 'host.decide') return undefined;
  return { node: event.node, decision: event.effect.decision as Decision, event: event.index };
}

export function text(message: Vote | Proposal): string {
  const value = message.value ?? 'nil';
  return message.type === 'vote' ? `${message.voteType}(${value})` : `proposal(${value}, polRound ${message.polRound})`;
}

/** The own messages in a row of frames, each with the byte behind its frame. */
export function* ownFramesIn(bytes: Uint8Array): Generator<{ readonly message: Vote | Proposal; readonly end: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + frameHeader <= bytes.length; ) {
    const end = at + frameHeader + view.getUint32(at);
    if (bytes[at + 4] === ownFrame) yield { message: messageIn(bytes.subarray(at, end)), end };
    at = end;
  }
}

function messageIn(bytes: Uint8Array): Vote | Proposal {
  let message = decoded.get(bytes);
  if (message === undefined) {
    message = decodeInput(bytes.subarray(frameHeader)) as Vote | Proposal;
    decoded.set(bytes, message);
  }
  return message;
}

const none: readonly Violation[] = [];

/** What is common to monitors that collect violations: the first eight are kept in words, all are counted. */
export abstract class Judge implements Monitor {
  abstract readonly watches: readonly Watched[];
  protected violations: readonly Violation[] = none;
  /** How often it had something to judge. */
  protected exercised = 0;
  protected abstract readonly unexercised: string;

  abstract observe(event: RunEvent, observer: import('../../core/events.ts').Observer): void;
  abstract fork(): Monitor;
  abstract digest(): number;

  finish(): Verdict {
    const { violations } = this;
    if (violations.length > 0) return { verdict: 'violated', violations };
    return this.exercised > 0 ? { verdict: 'held', violations } : { verdict: 'undecided', violations, reason: this.unexercised };
  }

  /** For the fingerprint. */
  protected get words(): readonly string[] {
    return wordsOf(this.violations);
  }

  protected violated(violation: Violation): void {
    if (this.violations.length < 8) this.violations = [...this.violations, violation];
  }

  protected copyInto<Copy extends Judge>(copy: Copy): Copy {
    copy.violations = this.violations;
    copy.exercised = this.exercised;
    return copy;
  }
}
