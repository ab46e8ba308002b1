/**
 * The events of a run, stored in layers. A fork freezes the present layers, and each of the two continues in a new layer. So a fork costs the same after
 * ten events and after ten million.
 */
import type { RunEvent } from '../../core/events.ts';

export class Trace {
  readonly #below: Trace | undefined;
  readonly #start: number;
  #events: RunEvent[] = [];

  constructor(below?: Trace) {
    this.#below = below;
    this.#start = below === undefined ? 0 : below.length;
  }

  get length(): number {
    return this.#start + this.#events.length;
  }

  push(event: RunEvent): void {
    this.#events.push(event);
  }

  at(index: number): RunEvent | undefined {
    let layer: Trace | undefined = this;
    while (layer !== undefined && index < layer.#start) layer = layer.#below;
    return layer === undefined ? undefined : layer.#events[index - layer.#start];
  }

  /** Two new traces over the present layers: the first replaces this one, and the second is that of the fork. */
  split(): readonly [Trace, Trace] {
    if (this.#events.length === 0 && this.#below !== undefined) return [new Trace(this.#below), new Trace(this.#below)];
    return [new Trace(this), new Trace(this)];
  }

  /** All events from `from` on, in order. */
  *events(from = 0): Generator<RunEvent> {
    const layers: Trace[] = [];
    for (let layer: Trace | undefined = this; layer !== undefined; layer = layer.#below) {
      layers.push(layer);
      if (layer.#start <= from) break;
    }
    for (const layer of layers.reverse()) {
      const end = layer.#start + layer.#events.length;
      for (let index = Math.max(from, layer.#start); index < end; index += 1)
        yield layer.#events[index - layer.#start] as RunEvent;
    }
  }
}
