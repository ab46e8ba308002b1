/**
 * `kept`: what left the counter is never lost and never contradicted. Remembers each number that was sent and each decision that was handed
 * over, over all lives, and asks of each recovery whether it brought them back. Reads what is delivered and sent; shares no code with the log.
 */

import { wordsOf } from '../../../checker/violation-words.ts';
import { digestOfAll } from '../../../core/digest.ts';
import type { DeliverEvent, Monitor, Property, RunEvent, Verdict, Violation, Watched } from '../../../core/events.ts';
import type { Add } from './counter.ts';

type Kind = 'number' | 'decision';
type Left = Readonly<Record<Kind, ReadonlyMap<number, number>>>;

/** What the frames read back so far hold of the height that is replayed. */
interface Replay {
  readonly height: number;
  readonly number: number | undefined;
  readonly decision: number | undefined;
}

class Kept implements Monitor {
  readonly watches: readonly Watched[] = ['deliver consensus', 'effect transmit', 'effect host.decide'];
  #left: Left = { number: new Map(), decision: new Map() };
  #replay: Replay | undefined;
  #violations: readonly Violation[] = [];

  observe(event: RunEvent): void {
    if (event.type === 'deliver') this.#readBack(event);
    if (event.type !== 'effect') return;
    const { effect } = event;
    if (effect.type === 'transmit' && effect.data.type === 'add') {
      const { height, amount } = effect.data as Add;
      this.#leaves(event, 'number', height, amount);
    } else if (effect.type === 'host.decide') {
      const { height, sum } = effect.decision as { readonly height: number; readonly sum: number };
      this.#leaves(event, 'decision', height, sum);
    }
  }

  #leaves(event: RunEvent, kind: Kind, height: number, value: number): void {
    const before = this.#left[kind].get(height);
    if (before === value) return;
    if (before !== undefined) this.#violate(event, height, `${kind} ${value} left at height ${height}, after ${before} had left`);
    this.#left = { ...this.#left, [kind]: new Map(this.#left[kind]).set(height, value) };
  }

  #readBack(event: DeliverEvent): void {
    const message = event.message as DeliverEvent['message'] & {
      readonly height: number;
      readonly frames: number;
      readonly kind: string;
      readonly payload: Uint8Array;
    };
    if (message.type === 'recovered') {
      const { height, frames } = message;
      this.#replay = { height, number: undefined, decision: undefined };
      const last = Math.max(...this.#left.number.keys());
      if (height < last) this.#violate(event, last, `came back at height ${height}; a number of height ${last} had left`);
      if (frames === 0) this.#compare(event, this.#replay);
    } else if (message.type === 'replay.frame' && this.#replay !== undefined) {
      const { kind, payload } = message;
      if (kind !== 'own' && kind !== 'decided') return;
      const { amount, sum } = JSON.parse(new TextDecoder().decode(payload)) as { readonly amount: number; readonly sum: number };
      this.#replay = { ...this.#replay, ...(kind === 'own' ? { number: amount } : { decision: sum }) };
    } else if (message.type === 'replay.end' && this.#replay !== undefined) this.#compare(event, this.#replay);
  }

  #compare(event: RunEvent, replay: Replay): void {
    this.#replay = undefined;
    const { height } = replay;
    for (const kind of ['number', 'decision'] as const) {
      const left = this.#left[kind].get(height);
      if (left !== undefined && replay[kind] !== left)
        this.#violate(event, height, `${kind} ${left} had left at height ${height}, and ${replay[kind] ?? 'nothing'} came back`);
    }
  }

  #violate({ index, node }: RunEvent, height: number, message: string): void {
    if (this.#violations.length < 8) this.#violations = [...this.#violations, { message, event: index, nodes: [node], height }];
  }

  finish(): Verdict {
    return { verdict: this.#violations.length > 0 ? 'violated' : 'held', violations: this.#violations };
  }
  fork(): Monitor {
    const copy = new Kept();
    copy.#left = this.#left;
    copy.#replay = this.#replay;
    copy.#violations = this.#violations;
    return copy;
  }
  digest(): number {
    return digestOfAll(this.#left.number, this.#left.decision, this.#replay, wordsOf(this.#violations));
  }
}

export const kept: Property = {
  name: 'kept',
  says: 'what left is never lost and never contradicted, over all lives',
  monitor: () => new Kept(),
};
