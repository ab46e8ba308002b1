/** Hears what the monitors of a world would be shown, in their place: where two ears have heard the same, monitors remember the same. */

import type { World } from '../../actors/scheduler/index.ts';
import { digestOf, mix } from '../../core/digest.ts';
import type { Monitor, RunEvent, Verdict } from '../../core/events.ts';

export class EventHashMonitor implements Monitor {
  /** A fingerprint of it, relative to the time at which it began to listen. */
  hash = 1;
  readonly #from: number;
  #last = -1;

  constructor(from: number) {
    this.#from = from;
  }

  /** In the place of each monitor of a world. */
  static in(world: World): { readonly listener: EventHashMonitor; readonly monitorColumns: World['monitorColumns'] } {
    const listener = new EventHashMonitor(world.now);
    return { listener, monitorColumns: world.monitorColumns.map(() => [listener]) };
  }

  observe({ index, cause: _cause, time, ...event }: RunEvent): void {
    // Several properties want to see it.
    if (index === this.#last) return;
    this.#last = index;
    this.hash = mix(mix(this.hash, time - this.#from), digestOf(event));
  }
  finish(): Verdict {
    return { verdict: 'held', violations: [] };
  }
  fork(): Monitor {
    return this;
  }
  digest(): number {
    return this.hash;
  }
}
