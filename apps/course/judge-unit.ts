/** The thread in which what one student handed in is judged: it can be ended, and its memory is bounded. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Exercise } from './exercise.ts';
import { judgeLog } from './judge-log.ts';
import { judgeNode } from './judge-node.ts';
import type { Part } from './part.ts';

/** Bundled code; `whole` is the log of the same format without defects. */
export type Task =
  | { readonly file: 'log'; readonly code: string; readonly whole: string; readonly exercise: Exercise; readonly key: string }
  | { readonly file: 'node'; readonly code: string; readonly exercise: Exercise; readonly key: string };

/** Undefined: it is at work. */
export interface Word {
  readonly parts?: readonly Part[];
}

const task = workerData as Task;
const say = (word: Word): void => parentPort?.postMessage(word);
const atWork = (): void => say({});
say({
  parts:
    task.file === 'log'
      ? judgeLog(task.code, task.whole, task.exercise.log.folder, task.key, atWork)
      : judgeNode(task.code, task.exercise.node, task.key, atWork),
});
