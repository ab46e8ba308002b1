/** What a worker thread of the pool runs: it writes its id, prepares its unit, and does the work. */
import { type ThreadSeat, takeSeat } from './given-time.ts';

export interface PooledTask {
  /** The module of the unit, and the name of its function. */
  readonly file: string;
  readonly name: string;
  readonly task: unknown;
  readonly seat: ThreadSeat;
}

export async function pooledUnit({ file, name, task, seat }: PooledTask): Promise<unknown> {
  takeSeat(seat);
  const unit = (await import(file)) as Readonly<Record<string, (task: unknown) => (() => unknown) | Promise<() => unknown>>>;
  const work = await unit[name]?.(task);
  return work?.();
}
