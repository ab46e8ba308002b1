/**
 * Work in worker threads, a unit at a time. A unit whose worker throws, dies or hangs fails alone, with its error; the others go on.
 */

/** The file of a worker function beside this one, as source or as built. */
function workerFile(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, import.meta.url).href;
}

export interface UnitDone<Task, Result> {
  readonly task: Task;
  /** Undefined: the unit was lost. */
  readonly result: Result | undefined;
  readonly error: unknown;
}

/** In the order of the tasks. With one job all runs in this thread. `hangMs`: after so many ms a unit counts as hung. */
export async function* inOrder<Task, Result>(
  tasks: readonly Task[],
  // The build keeps files of such names.
  worker: { readonly file: `${string}-unit`; readonly name: string; readonly local: (task: Task) => Promise<Result> },
  options: { readonly jobs: number; readonly hangMs?: number },
): AsyncGenerator<UnitDone<Task, Result>> {
  if (options.jobs === 1) {
    for (const task of tasks) yield await settled(task, worker.local(task));
    return;
  }
  // Most commands run in this thread alone.
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: workerFile(worker.file),
    name: worker.name,
    maxThreads: options.jobs,
    minThreads: options.jobs,
  });
  try {
    // Only so many units wait in the pool that a death loses little, and that thousands of tasks cost no memory.
    const running: Promise<UnitDone<Task, Result>>[] = [];
    let next = 0;
    const fill = (): void => {
      while (next < tasks.length && running.length < 2 * options.jobs) {
        const task = tasks[next] as Task;
        next += 1;
        running.push(settled(task, pool.run(task, limit(options.hangMs)) as Promise<Result>));
      }
    };
    fill();
    for (let first = running.shift(); first !== undefined; first = running.shift()) {
      const done = await first;
      fill();
      yield done;
    }
  } finally {
    await pool.destroy();
  }
}

function limit(hangMs: number | undefined): { readonly signal?: AbortSignal } {
  return hangMs === undefined ? {} : { signal: AbortSignal.timeout(hangMs) };
}

async function settled<Task, Result>(task: Task, running: Promise<Result>): Promise<UnitDone<Task, Result>> {
  try {
    return { task, result: await running, error: undefined };
  } catch (error) {
    return { task, result: undefined, error };
  }
}
