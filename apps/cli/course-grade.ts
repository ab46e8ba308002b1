/**
 * Grades what students handed in, each file in a thread of its own and by the judge that is in this package: nothing in a student's folder but the two
 * files is read. Equal files get equal points.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Exercise, exerciseOf } from '../course/exercise.ts';
import { bundled, type HandedIn, handedIn } from '../course/handed-in.ts';
import { logSource } from '../course/log-source.ts';
import type { Part } from '../course/part.ts';
import { type FileName, type Marked, markedBy, unjudged } from '../course/points.ts';
import type { Task, Word } from './course-unit.ts';
import { emptySeat, watchTime } from './given-time.ts';

export interface Grade {
  readonly points: number;
  readonly of: number;
  readonly parts: readonly Marked[];
}

const files: readonly FileName[] = ['log', 'node'];

export interface Limits {
  readonly only?: FileName;
  /** A file that makes no progress for this time is taken to have an endless loop. Time in which other processes had the processor does not count. */
  readonly silentMs?: number;
}

const heapMegabytes = 512;

/** `key` mixes entries and numbers: with one that students do not know, an answer that was written for the test alone does not hold. */
export async function gradeOf(
  folder: string,
  seed: string,
  key: string,
  { only, silentMs = 60_000 }: Limits = {},
): Promise<Grade> {
  const exercise = exerciseOf(seed);
  const parts: Part[] = [];
  for (const file of files.filter((name) => only === undefined || name === only)) {
    const name = `${file}.js`;
    parts.push(...(await partsOf(file, await handedIn(join(folder, name), name), exercise, key, silentMs)));
  }
  const marked = markedBy(parts);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return { points: sum(marked.map(({ points }) => points)), of: sum(marked.map(({ of }) => of)), parts: marked };
}

async function partsOf(
  file: FileName,
  handed: HandedIn,
  exercise: Exercise,
  key: string,
  silentMs: number,
): Promise<readonly Part[]> {
  if ('wrong' in handed) return unjudged(file, handed.wrong);
  if (file === 'node') return judged({ file, code: handed.code, exercise, key }, silentMs);
  const whole = await bundled(logSource(exercise, false), 'whole.js');
  if ('wrong' in whole) throw new Error(`the whole log is no module: ${whole.wrong}`);
  return judged({ file, code: handed.code, whole: whole.code, exercise, key }, silentMs);
}

function judged(task: Task, silentMs: number): Promise<readonly Part[]> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const seat = emptySeat();
  const worker = new Worker(new URL(`./course-unit.${extension}`, import.meta.url), {
    workerData: { task, seat },
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  return new Promise((resolve) => {
    let endWatch = (): void => {};
    const end = (parts: readonly Part[]): void => {
      endWatch();
      resolve(parts);
      void worker.terminate();
    };
    const watch = (): void => {
      endWatch();
      const endless = `${task.file}.js: no answer after ${silentMs / 1000} s; it has an endless loop`;
      endWatch = watchTime(seat, silentMs, 1, () => end(unjudged(task.file, endless)));
    };
    worker.on('message', ({ parts }: Word) => (parts === undefined ? watch() : end(parts)));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const needsMore = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      const words = needsMore ? ` needs more than ${heapMegabytes} MB` : `: ${error.message}`;
      end(unjudged(task.file, `${task.file}.js${words}`));
    });
  });
}
