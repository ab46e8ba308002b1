/** Hashes the events that monitors would see. Equal hashes mean equal monitor states. */

import type { World } from '../../actors/scheduler/index.ts';
import { digestOf, mix } from '../../core/digest.ts';
import type { Monitor, RunEvent, Verdict } from '../../core/events.ts';

export class EventHashMonitor implements Monitor {
  /** Times count from the creation of this monitor. */
  hash = 1;
  readonly #from: number;
  #last = -1;

  constructor(from: number) {
    this.#from = from;
  }

  /** One monitor in place of all monitors of a world. */
  static in(world: World): { readonly listener: EventHashMonitor; readonly monitorColumns: World['monitorColumns'] } {
    const listener = new EventHashMonitor(world.now);
    return { listener, monitorColumns: world.monitorColumns.map(() => [listener]) };
  }

  observe({ index, cause: _cause, time, ...event }: RunEvent): void {
    // The same event comes once for each property that watches it.
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
