/**
 * Loads a module of the user in a thread of its own before it is loaded in earnest, so that an endless wait, an exit or a late throw is noticed and
 * named. One thread serves all modules of a command. Not noticed: a signal that the module sends to the process.
 */
import { isMainThread, Worker } from 'node:worker_threads';
import { ScenarioError } from '../../scenarios/index.ts';
import { emptySeat, watchTime } from './given-time.ts';
import type { TrialAnswer } from './trial-unit.ts';

/** Counted is the time that the machine gave it. A module that takes longer has an endless loop, or waits for something that never comes. */
const limitMs = 10_000;
const heapMegabytes = 1024;

const seat = emptySeat();
let thread: Worker | undefined;

/** Starts the thread ahead of the first module. */
export function prepareTrial(): void {
  if (isMainThread) thread ??= startThread();
}

/**
 * Throws `ScenarioError` that names the file where the module cannot be loaded to its end. In a worker thread nothing is tried: the command has tried
 * it before. `placeOf`: the error's own words with the line in the user's file, and that file.
 */
export async function tryModule(
  url: string,
  file: string,
  placeOf: (error: { readonly message: string; readonly stack: string }) => string,
): Promise<void> {
  if (!isMainThread) return;
  prepareTrial();
  const answer = await answerOf(thread as Worker, url);
  if (answer.type === 'loaded') return;
  // What is left of it stays with its thread; the next module gets another.
  const used = thread;
  thread = undefined;
  await used?.terminate();
  if (answer.type === 'threw') throw new ScenarioError(placeOf(answer));
  if (answer.type === 'mistakes') throw new ScenarioError(inOrderOfPlace(answer.mistakes.map(placeOf)).join('\n'));
  throw new ScenarioError(`${file}: ${wordsOf(answer)}`);
}

/** Each once, by line and column. */
function inOrderOfPlace(told: readonly string[]): readonly string[] {
  const placeIn = (text: string): readonly number[] => (/:(\d+):(\d+): /.exec(text) ?? []).slice(1).map(Number);
  return [...new Set(told)].sort((a, b) => {
    const [[lineA = 0, columnA = 0], [lineB = 0, columnB = 0]] = [placeIn(a), placeIn(b)];
    return lineA - lineB || columnA - columnB;
  });
}

type Trouble = TrialAnswer | { readonly type: 'exit'; readonly code: number } | { readonly type: 'endless' };

function wordsOf(answer: Exclude<Trouble, { readonly type: 'loaded' | 'threw' | 'mistakes' }>): string {
  switch (answer.type) {
    case 'busy':
      return `it was loaded, and what it began is still at work (${answer.with.join(', ')}); a scenario file only makes a scenario: end timers, servers and the like in it`;
    case 'exit':
      return `it ends the process (exit code ${answer.code}) while it is loaded; a scenario file only makes a scenario: remove \`process.exit\``;
    case 'waits':
      return 'it waits for something that never comes (an `await` at the top level); a scenario file only makes a scenario';
    case 'endless':
      return `it was not loaded after ${limitMs / 1000} s; it has an endless loop, or waits for what takes too long`;
  }
}

function startThread(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const started = new Worker(new URL(`./trial-unit.${extension}`, import.meta.url), {
    workerData: seat,
    // What it prints is printed when it is loaded in earnest. These streams are not read: that would keep the process alive.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  started.unref();
  return started;
}

function answerOf(tried: Worker, url: string): Promise<Trouble> {
  return new Promise((resolve) => {
    tried.ref();
    const endWatch = watchTime(seat, limitMs, 1, () => done({ type: 'endless' }));
    const onError = (error: unknown): void => {
      const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
      done({ type: 'threw', message, stack: stack ?? '' });
    };
    const onExit = (code: number): void => done({ type: 'exit', code });
    const done = (answer: Trouble): void => {
      endWatch();
      tried.off('message', done).off('error', onError).off('exit', onExit);
      tried.unref();
      resolve(answer);
    };
    tried.on('message', done).on('error', onError).on('exit', onExit);
    tried.postMessage(url);
  });
}
