/**
 * The delivery queue gives each entry its place in the event heap: a time, a tie-break that is drawn for its pair of sender and receiver at this
 * time, and the order of arrival.
 */
import type { ChoiceSource } from '../../core/choice.ts';
import { mix } from '../../core/digest.ts';
import type { Message } from '../../core/effects.ts';
import { type Delivery, type Entry, EventHeap } from './event-heap.ts';
import type { NodeRuntime } from './node-runtime.ts';

const tieRange = 0x4000_0000;
/** Disk answers and timers of an actor count as two more senders; these numbers distinguish them. */
const diskPair = 4096;
const timerPair = 8192;

export class DeliveryQueue {
  readonly queue: EventHeap;
  readonly #choices: ChoiceSource;
  #order: number;
  #generation: number;

  constructor(choices: ChoiceSource, from?: DeliveryQueue) {
    this.#choices = choices;
    this.queue = from === undefined ? new EventHeap() : from.queue.fork();
    this.#order = from === undefined ? 0 : from.#order;
    this.#generation = from === undefined ? 0 : from.#generation;
  }

  fork(): DeliveryQueue {
    return new DeliveryQueue(this.#choices, this);
  }

  /** `pair`: a digest of sender and receiver. Deliveries of one pair at one instant keep their order. */
  push(time: number, pair: number, to: Pick<Entry, 'node' | 'life' | 'cause'>, delivery: Delivery): void {
    const tie = this.#choices.choose(tieRange, 'order', mix(pair, time));
    this.#order += 1;
    const { node, life, cause } = to;
    this.queue.push({ time, tie, order: this.#order, node, life, cause, delivery });
  }

  /** Queues a message from one actor to another of the same node. `fromActor` is -1 if the scheduler sends it. */
  tell(
    time: number,
    node: NodeRuntime,
    fromActor: number,
    cause: number,
    message: { readonly actor: number; readonly message: Message; readonly from: string },
  ): void {
    const pair = mix(node.digest, (fromActor + 1) * 64 + message.actor);
    const { actor, message: told, from } = message;
    this.push(time, pair, { node: node.place, life: node.life, cause }, { type: 'message', actor, message: told, from });
  }

  disk(time: number, node: NodeRuntime, cause: number, delivery: Delivery & { readonly type: 'disk' }): void {
    this.push(time, mix(node.digest, diskPair + delivery.actor), { node: node.place, life: node.life, cause }, delivery);
  }

  timer(time: number, node: NodeRuntime, cause: number, delivery: Delivery & { readonly type: 'timer' }): void {
    this.push(time, mix(node.digest, timerPair + delivery.actor), { node: node.place, life: node.life, cause }, delivery);
  }

  /** A number that is never used again. A timer gets a new one each time it is set, so that stale timers can be recognised. */
  nextGeneration(): number {
    this.#generation += 1;
    return this.#generation;
  }

  /** Queues the held entries for `time`, in their order and before everything else at that instant. */
  release(time: number, held: readonly Entry[]): void {
    for (const entry of held) {
      this.#order += 1;
      this.queue.push({ ...entry, time, tie: -1, order: this.#order });
    }
  }
}
