/** What a worker thread of the pool runs: it says who it is, has the unit that it is given prepared, and does the work. */
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
