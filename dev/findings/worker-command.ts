/** The command of a process that works with one package: its harm, and what it leaves running, ends with the process. */
import { fileURLToPath } from 'node:url';
import type { Subject } from './catalogue.ts';

/** `hold` works like `work`, up to one value, and waits to be killed. */
export type WorkerTask = 'judge' | 'prepare' | 'work' | 'hold' | 'find';

export function workerCommand(
  task: WorkerTask,
  { name }: Subject,
  scratch: string,
  ...rest: readonly string[]
): readonly string[] {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const flags = ['--import', here('../strip-types.js'), '--conditions=lazurite-source', '--disable-warning=ExperimentalWarning'];
  return [process.execPath, ...flags, here('worker.ts'), task, name, scratch, ...rest];
}
