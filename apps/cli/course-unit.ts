/** The thread in which what one student handed in is judged: it can be ended, its memory is bounded, and it says that it is at work. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Exercise } from '../course/exercise.ts';
import type { Part } from '../course/part.ts';
import { type ThreadSeat, takeSeat } from './given-time.ts';

/** Bundled code; `whole` is the log of the same format without defects. */
export type Task =
  | { readonly file: 'log'; readonly code: string; readonly whole: string; readonly exercise: Exercise; readonly key: string }
  | { readonly file: 'node'; readonly code: string; readonly exercise: Exercise; readonly key: string };

/** Without parts: it is at work. */
export interface Word {
  readonly parts?: readonly Part[];
}

const { task, seat } = workerData as { readonly task: Task; readonly seat: ThreadSeat };
const say = (word: Word): void => parentPort?.postMessage(word);
const atWork = (): void => say({});
takeSeat(seat);
say({ parts: await partsOf() });

async function partsOf(): Promise<readonly Part[]> {
  if (task.file === 'log') {
    const { judgeLog } = await import('../course/judge-log.ts');
    return judgeLog(task.code, task.whole, task.exercise.log.folder, task.key, atWork);
  }
  const { judgeNode } = await import('../course/judge-node.ts');
  return judgeNode(task.code, task.exercise.node, task.key, atWork);
}
