/** Worker threads for units of work. A unit whose thread throws, dies or hangs fails alone, with its error. */
import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import { emptySeat, watchTime } from './given-time.ts';
import { hangs } from './interruption.ts';
import type { PooledTask } from './pool-unit.ts';

export interface Worker<Task, Result> {
  /** The build keeps files of such names. */
  readonly file: `${string}-unit`;
  readonly name: string;
  /** The same in this thread: what must be waited for comes first; Ctrl-C and the limit reach the work that it gives. */
  readonly local: (task: Task) => (() => Result) | Promise<() => Result>;
}

export class ThreadPool<Task, Result> {
  readonly #pool: Piscina;
  readonly #worker: Worker<Task, Result>;
  readonly #hangMs: number | undefined;
  /** Threads for each core. */
  readonly #crowd: number;

  private constructor(pool: Piscina, worker: Worker<Task, Result>, jobs: number, hangMs: number | undefined) {
    this.#pool = pool;
    this.#worker = worker;
    this.#hangMs = hangMs;
    this.#crowd = jobs / availableParallelism();
  }

  /** `hangMs`: a unit counts as hung when a processor was free for it for this long. */
  static async open<Task, Result>(
    worker: Worker<Task, Result>,
    jobs: number,
    hangMs: number | undefined,
  ): Promise<ThreadPool<Task, Result>> {
    // Most commands run in one thread alone.
    const { Piscina } = await import('piscina');
    const pool = new Piscina({ filename: workerFile('pool-unit'), name: 'pooledUnit', maxThreads: jobs, minThreads: jobs });
    return new ThreadPool(pool, worker, jobs, hangMs);
  }

  async run(task: Task): Promise<Result> {
    const { file, name } = this.#worker;
    const pooled: PooledTask = { file: workerFile(file), name, task, seat: emptySeat() };
    const hangMs = this.#hangMs;
    if (hangMs === undefined) return (await this.#pool.run(pooled)) as Result;
    const given = new AbortController();
    const endWatch = watchTime(pooled.seat, hangMs, this.#crowd, () => given.abort());
    try {
      return (await this.#pool.run(pooled, { signal: given.signal })) as Result;
    } catch (error) {
      throw given.signal.aborted ? new Error(hangs(hangMs)) : error;
    } finally {
      endWatch();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** The file of a worker function beside this one, as source or as built. */
function workerFile(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, import.meta.url).href;
}
