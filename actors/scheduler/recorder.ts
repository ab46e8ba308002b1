/** Records the events, the hash and the marks of a run, and shows each event to the monitors. */

import type { EventPlace, Observer, RunEvent } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import type { Monitors } from './monitors.ts';
import type { NodeRuntime } from './node-runtime.ts';
import { RunHash } from './run-hash.ts';
import type { Keeps } from './spec.ts';
import { Trace } from './trace.ts';

/** A function that is called with every event of one world. It judges nothing. */
export type Listener = (event: RunEvent, observer: Observer) => void;

export class Recorder {
  readonly keeps: Keeps;
  readonly monitors: Monitors;
  /** Undefined if the run keeps nothing. */
  readonly hash: RunHash | undefined;
  readonly marks: ForkingMap<string, number>;
  #trace: Trace;
  #events: number;
  /** The listeners of this world. A fork has none. */
  readonly #listeners: readonly Listener[];

  constructor(keeps: Keeps, monitors: Monitors, listeners: readonly Listener[], from?: Recorder) {
    this.keeps = keeps;
    this.monitors = monitors;
    this.#listeners = listeners;
    if (from === undefined) {
      this.hash = keeps === 'nothing' ? undefined : new RunHash();
      this.marks = new ForkingMap();
      this.#trace = new Trace();
      this.#events = 0;
      return;
    }
    this.hash = from.hash?.fork();
    this.marks = from.marks.fork();
    const [mine, theirs] = from.#trace.split();
    from.#trace = mine;
    this.#trace = theirs;
    this.#events = from.#events;
  }

  /** A copy with other monitors. */
  fork(monitors: Monitors): Recorder {
    return new Recorder(this.keeps, monitors, [], this);
  }

  /** The number of events so far, which is the index of the next one. */
  get events(): number {
    return this.#events;
  }

  get trace(): Trace {
    return this.#trace;
  }

  /** The fields that all events have. */
  common(time: number, { spec, life }: NodeRuntime, cause: number): EventPlace {
    return { index: this.#events, time, cause, node: spec.name, life };
  }

  record(event: RunEvent, observer: Observer): void {
    this.#events += 1;
    if (this.keeps === 'events') this.#trace.push(event);
    this.monitors.show(event, observer);
    for (let i = 0; i < this.#listeners.length; i += 1) (this.#listeners[i] as Listener)(event, observer);
  }

  mark(name: string): void {
    this.marks.set(name, (this.marks.get(name) ?? 0) + 1);
  }
}
