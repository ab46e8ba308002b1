/**
 * Work in worker threads, a unit at a time. A unit whose worker throws, dies or hangs fails alone, with its error; the others go on.
 */
import { setImmediate } from 'node:timers/promises';
import type { Interruption } from './interruption.ts';
import { ThreadPool, type Worker } from './thread-pool.ts';

export interface UnitDone<Task, Result> {
  readonly task: Task;
  /** Undefined: the unit was lost. */
  readonly result: Result | undefined;
  readonly error: unknown;
}

export interface PoolOptions {
  readonly jobs: number;
  readonly interruption: Interruption;
  /** A unit counts as hung if it has not ended although a processor was free for it for this many ms. */
  readonly hangMs?: number;
}

/**
 * How many units for each worker may be started or ended and not yet yielded. Enough that a slow unit does not soon leave the others idle, and few enough that
 * little work is lost when the caller stops.
 */
const aheadPerJob = 4;

const longestTimerMs = 2 ** 31 - 1;
/** With one job only the time of the clock is known. Others may have the processor for most of it, so the limit is this many times longer. */
const clockFactor = 20;

/** Yields the results in the order of the tasks. After Ctrl-C it yields only units that had ended. With one job all runs in this thread. */
export async function* inOrder<Task, Result>(
  tasks: readonly Task[],
  worker: Worker<Task, Result>,
  { jobs, interruption, hangMs: wanted }: PoolOptions,
): AsyncGenerator<UnitDone<Task, Result>> {
  if (jobs === 1) {
    const hangMs = wanted === undefined ? undefined : Math.min(clockFactor * wanted, longestTimerMs);
    for (const task of tasks) {
      // Between two units a signal is heard.
      await setImmediate();
      const done = await settled(task, async () => {
        const work = await worker.local(task);
        return interruption.attempt(work, hangMs);
      });
      if (interruption.isInterrupted && done.result === undefined) return;
      yield done;
    }
    return;
  }
  const pool = await ThreadPool.open(worker, jobs, wanted);
  const stop = (): void => {
    void pool.close();
  };
  interruption.signal.addEventListener('abort', stop);
  const started: Promise<UnitDone<Task, Result>>[] = [];
  let next = 0;
  let running = 0;
  // A unit enters the pool only when a worker is free; else its limit of time would run while it waits. Thousands of tasks cost no memory.
  const fill = (): void => {
    while (!interruption.isInterrupted && next < tasks.length && running < jobs && started.length < aheadPerJob * jobs) {
      const task = tasks[next] as Task;
      next += 1;
      running += 1;
      const unit = settled(task, () => pool.run(task));
      started.push(
        unit.then((done) => {
          running -= 1;
          fill();
          return done;
        }),
      );
    }
  };
  try {
    fill();
    for (let first = started.shift(); first !== undefined; first = started.shift()) {
      const done = await first;
      fill();
      if (!interruption.isInterrupted || done.result !== undefined) yield done;
    }
  } finally {
    next = tasks.length;
    interruption.signal.removeEventListener('abort', stop);
    await pool.close();
  }
}

async function settled<Task, Result>(task: Task, run: () => Promise<Result | undefined>): Promise<UnitDone<Task, Result>> {
  try {
    return { task, result: await run(), error: undefined };
  } catch (error) {
    return { task, result: undefined, error };
  }
}
