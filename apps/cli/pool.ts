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
  /** A unit that a processor was free for so many ms for counts as hung. */
  readonly hangMs?: number;
}

/** Units for each worker that may end ahead of a slow one: so many that none is idle soon, so few that little is lost where a caller breaks off. */
const aheadPerJob = 4;

const longestTimerMs = 2 ** 31 - 1;
/** In this thread time is measured by the clock alone; others may have the processor for most of it. */
const clockFactor = 20;

/** In the order of the tasks; after Ctrl-C those that had ended. With one job all runs in this thread. */
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
  // No unit waits in the pool: its limit would begin before it does. Thousands of tasks cost no memory.
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
