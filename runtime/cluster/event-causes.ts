/**
 * Finds the event that led to each delivery of real nodes, as a scheduler would know it. For a message of another node that is the event that sent it. For a
 * message within a node it is the step that sent it, and for a timer the event that set it.
 *
 * A record does not say which of several equal messages of a peer was delivered. Connections keep the order of messages, so it is the first equal one
 * after the last that was delivered on this link. A message that came twice, or late, counts as the newest equal one.
 */
import { digestOf } from '../../core/digest.ts';
import type { Effect, Message } from '../../core/effects.ts';

interface Sent {
  readonly event: number;
  readonly digest: number;
}

/** What one node has sent to another. */
interface Link {
  sent: Sent[];
  /** The number of messages up to the last that was delivered. */
  taken: number;
}

/** Older messages of a link are forgotten. */
const mostSent = 4096;

export class EventCauses {
  readonly #links = new Map<string, Link>();
  /** By node, then by actor, sender and type of message: the events that led to what is queued within the node. */
  readonly #queued = new Map<string, Map<string, number[]>>();

  /** A node begins a life; `restart` is the event that says so. */
  boot(node: string, actor: string, restart: number): void {
    this.#queued.set(node, new Map([[keyOf(actor, 'scheduler', 'boot'), [restart]]]));
  }

  /** The event that led to this delivery; -1: none that is known. */
  of(node: string, actor: string, message: Message, from: string): number {
    const timer = timerOf(message);
    if (from === 'timer' && timer !== undefined) return this.#queuedAt(node, keyOf(actor, from, timer))[0] ?? -1;
    const link = this.#links.get(`${from} ${node}`);
    if (link === undefined) return this.#queuedAt(node, keyOf(actor, from, message.type)).shift() ?? -1;
    return delivered(link, digestOf(message));
  }

  /** An actor has asked for these effects in the step of event `step`. */
  asked(node: string, actor: string, effects: readonly Effect[], step: number): void {
    for (const effect of effects)
      if (effect.type === 'tell') this.#queuedAt(node, keyOf(effect.to, actor, effect.message.type)).push(step);
  }

  /** An effect was executed, as event `event`. */
  executed(node: string, actor: string, effect: Effect, event: number): void {
    if (effect.type === 'transmit') for (const to of effect.to) this.#send(node, to, { event, digest: digestOf(effect.data) });
    else if (effect.type === 'host.ask') this.#queuedAt(node, keyOf('host', 'consensus', 'ask')).push(event);
    else if (effect.type === 'host.decide') this.#queuedAt(node, keyOf('host', 'consensus', 'decide')).push(event);
    else if (effect.type === 'timer.set') this.#queuedAt(node, keyOf(actor, 'timer', effect.timer))[0] = event;
  }

  /** The disk has answered the operation of event `operation`. */
  answered(node: string, actor: string, answer: Message, operation: number): void {
    this.#queuedAt(node, keyOf(actor, 'disk', answer.type)).push(operation);
  }

  #send(from: string, to: string, sent: Sent): void {
    const key = `${from} ${to}`;
    const link = this.#links.get(key) ?? { sent: [], taken: 0 };
    this.#links.set(key, link);
    link.sent.push(sent);
    if (link.sent.length < 2 * mostSent) return;
    link.sent = link.sent.slice(-mostSent);
    link.taken = Math.max(0, link.taken - mostSent);
  }

  #queuedAt(node: string, key: string): number[] {
    const queued = this.#queued.get(node) ?? new Map<string, number[]>();
    this.#queued.set(node, queued);
    const events = queued.get(key) ?? [];
    queued.set(key, events);
    return events;
  }
}

function delivered(link: Link, digest: number): number {
  for (let next = link.taken; next < link.sent.length; next += 1)
    if (link.sent[next]?.digest === digest) {
      link.taken = next + 1;
      return link.sent[next]?.event ?? -1;
    }
  return link.sent.findLast((one) => one.digest === digest)?.event ?? -1;
}

function keyOf(actor: string, from: string, what: string): string {
  return `${actor} ${from} ${what}`;
}

function timerOf(message: Message): string | undefined {
  const { timer } = message as { readonly timer?: unknown };
  return message.type === 'timer' && typeof timer === 'string' ? timer : undefined;
}
