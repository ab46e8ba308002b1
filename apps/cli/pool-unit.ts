/** What a worker thread of the pool runs: it says who it is, and calls the function of the unit that it is given. */
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
  const unit = (await import(file)) as Readonly<Record<string, (task: unknown) => unknown>>;
  return await unit[name]?.(task);
}
