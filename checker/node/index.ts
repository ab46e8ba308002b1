/** Properties of any protocol: what a durable node owes, whatever it votes on. */

import { digestOfAll } from '../../core/digest.ts';
import type { Monitor, Property, RunEvent, Verdict, Violation, Watched } from '../../core/events.ts';
import { wordsOf } from '../violation-words.ts';
import { comesBack } from './comes-back.ts';

/** An actor that throws takes its node down: always a finding, with its message. */
class NoException implements Monitor {
  get watches(): readonly Watched[] {
    return ['stopped'];
  }
  #violations: readonly Violation[] = [];

  observe(event: RunEvent): void {
    if (event.type !== 'stopped') return;
    const isDivergence = event.reason.startsWith('replay divergence');
    if (!event.threw && !isDivergence) return;
    const message = `${event.node} stopped: ${event.reason}`;
    this.#violations = [...this.#violations, { message, event: event.index, nodes: [event.node], height: 0 }];
  }
  finish(): Verdict {
    return { verdict: this.#violations.length > 0 ? 'violated' : 'held', violations: this.#violations };
  }
  fork(): Monitor {
    const copy = new NoException();
    copy.#violations = this.#violations;
    return copy;
  }
  digest(): number {
    return digestOfAll(wordsOf(this.#violations));
  }
}

export const nodeProperties: readonly Property[] = [
  { name: 'no-exception', says: 'no actor throws, and no replay diverges from its log', monitor: () => new NoException() },
  comesBack,
];

export { boundedLog } from './bounded-log.ts';
export { crashIsPause } from './crash-is-pause.ts';
