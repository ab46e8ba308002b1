/** Many workers and one server, simulated: how much of the workers' time goes into the queue and not into runs. Times in ms. */
import { seeded } from '../../core/choice.ts';

export interface Load {
  readonly workers: number;
  /** Seeds of one unit. */
  readonly unit: number;
  /** Processor time of the server for one unit; it does one thing at a time. */
  readonly serverMs: number;
  /** Processor time of a worker for one unit, beside its runs. */
  readonly workerMs: number;
  /** Measured durations of runs, from which each run draws. */
  readonly seedMs: readonly number[];
  /** Units that each worker does. */
  readonly units: number;
}

/** From 0 to 1. */
export function overheadOf({ workers, unit, serverMs, workerMs, seedMs, units }: Load): number {
  const { choose } = seeded(1);
  let drawn = 0;
  const runMs = (): number => {
    let sum = 0;
    for (let seed = 0; seed < unit; seed += 1) {
      drawn += 1;
      sum += seedMs[choose(seedMs.length, 'load', drawn)] ?? 0;
    }
    return sum;
  };
  // They begin spread over the time of one unit, as they do after a while.
  const mean = (unit * seedMs.reduce((sum, ms) => sum + ms, 0)) / seedMs.length;
  const ready = Array.from({ length: workers }, (_none, worker) => ({ at: (mean * worker) / workers, left: units }));
  let [free, running, all] = [0, 0, 0];
  for (;;) {
    const next = ready.reduce<(typeof ready)[number] | undefined>(
      (first, worker) => (worker.left > 0 && (first === undefined || worker.at < first.at) ? worker : first),
      undefined,
    );
    if (next === undefined) return 1 - running / all;
    free = Math.max(free, next.at) + serverMs;
    const ms = runMs();
    running += ms;
    all += free - next.at + workerMs + ms;
    next.at = free + workerMs + ms;
    next.left -= 1;
  }
}
