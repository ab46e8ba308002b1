/** Records a run: its events, its hash and its marks. Shows each event to the monitors. */

import type { EventPlace, Observer, RunEvent } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { Monitors } from './monitors.ts';
import type { NodeRuntime } from './node-runtime.ts';
import { RunHash } from './run-hash.ts';
import type { Keeps } from './spec.ts';
import { Trace } from './trace.ts';

export class Recorder {
  readonly keeps: Keeps;
  readonly monitors: Monitors;
  /** Undefined where nothing is kept. */
  readonly hash: RunHash | undefined;
  readonly marks: ForkingMap<string, number>;
  #trace: Trace;
  #events: number;

  constructor(keeps: Keeps, columns: Monitors['columns'], from?: Recorder) {
    this.keeps = keeps;
    if (from === undefined) {
      this.monitors = new Monitors(columns);
      this.hash = keeps === 'nothing' ? undefined : new RunHash();
      this.marks = new ForkingMap();
      this.#trace = new Trace();
      this.#events = 0;
      return;
    }
    this.monitors = new Monitors(columns, from.monitors);
    this.hash = from.hash?.fork();
    this.marks = from.marks.fork();
    const [mine, theirs] = from.#trace.split();
    from.#trace = mine;
    this.#trace = theirs;
    this.#events = from.#events;
  }

  /** A copy that is watched by these monitors. */
  fork(columns: Monitors['columns']): Recorder {
    return new Recorder(this.keeps, columns, this);
  }

  /** Events so far; the number of the next one. */
  get events(): number {
    return this.#events;
  }

  get trace(): Trace {
    return this.#trace;
  }

  /** What every event says of itself. */
  common(time: number, { spec, life }: NodeRuntime, cause: number): EventPlace {
    return { index: this.#events, time, cause, node: spec.name, life };
  }

  record(event: RunEvent, observer: Observer): void {
    this.#events += 1;
    if (this.keeps === 'events') this.#trace.push(event);
    this.monitors.show(event, observer);
  }

  mark(name: string): void {
    this.marks.set(name, (this.marks.get(name) ?? 0) + 1);
  }
}
