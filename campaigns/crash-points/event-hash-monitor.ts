/** Hears what the monitors of a world would be shown, in their place: where two ears have heard the same, monitors remember the same. */

import type { World } from '../../actors/scheduler/index.ts';
import { digestOf, mix } from '../../core/digest.ts';
import type { Monitor, RunEvent, Verdict } from '../../core/events.ts';

export class Ear implements Monitor {
  /** A fingerprint of it, relative to the time at which it began to listen. */
  heard = 1;
  readonly #from: number;
  #last = -1;

  constructor(from: number) {
    this.#from = from;
  }

  /** In the place of each monitor of a world. */
  static in(world: World): { readonly ear: Ear; readonly onlookers: World['onlookers'] } {
    const ear = new Ear(world.now);
    return { ear, onlookers: world.onlookers.map(() => [ear]) };
  }

  observe({ index, cause: _cause, time, ...event }: RunEvent): void {
    // Several properties want to see it.
    if (index === this.#last) return;
    this.#last = index;
    this.heard = mix(mix(this.heard, time - this.#from), digestOf(event));
  }
  finish(): Verdict {
    return { verdict: 'held', violations: [] };
  }
  fork(): Monitor {
    return this;
  }
  digest(): number {
    return this.heard;
  }
}
