/**
 * The thread in which modules of the user are loaded for the first time: what throws late, ends the process or never ends does so here, and main
 * thread and verdict are safe. Says what became of each module; an exit of the thread says the rest.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
// While the module is bundled, this thread comes up to speed: nearly all modules import it.
import { Scenario } from '../../index.ts';
import { type Noted, noteMistakes } from '../../scenarios/noted-mistakes.ts';
import { notedMistakes } from '../../scenarios/validate.ts';
import { type ThreadSeat, takeSeat } from './given-time.ts';

export type TrialAnswer =
  | { readonly type: 'loaded' }
  | ({ readonly type: 'threw' } & Noted)
  /** It was loaded, as far as it could be, and what it makes is wrong. */
  | { readonly type: 'mistakes'; readonly mistakes: readonly Noted[] }
  /** Nothing is left that could end its wait. */
  | { readonly type: 'waits' }
  /** It was loaded, and something that it began is still at work. */
  | { readonly type: 'busy'; readonly with: readonly string[] };

/** How long (ms) timers and the like of a module may remain after it was loaded. */
const settleMs = 1000;
const stepMs = 10;

takeSeat(workerData as ThreadSeat);
process.setSourceMapsEnabled(true);
const port = parentPort;
process.on('beforeExit', () => port?.postMessage({ type: 'waits' } satisfies TrialAnswer));
port?.on('message', (url: string) => {
  // Without the port nothing keeps this thread alive but what the module waits for: an endless wait ends the thread.
  port.unref();
  void outcomeOf(url).then((answer) => {
    port.ref();
    port.postMessage(answer);
  });
});

async function outcomeOf(url: string): Promise<TrialAnswer> {
  const before = process.getActiveResourcesInfo();
  const notes = noteMistakes();
  try {
    const { default: made } = (await import(url)) as { readonly default?: unknown };
    const mistakes = made instanceof Scenario ? notedMistakes(made.data, notes) : notes.mistakes;
    if (mistakes.length > 0) return { type: 'mistakes', mistakes };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    const threw = { message, stack: stack ?? '' };
    return notes.mistakes.length > 0 ? { type: 'mistakes', mistakes: [...notes.mistakes, threw] } : { type: 'threw', ...threw };
  }
  // What it threw without anyone to catch it ends this thread before the answer.
  await setImmediate();
  let left = begun(before);
  for (let waitedMs = 0; left.length > 0 && waitedMs < settleMs; waitedMs += stepMs) {
    await setTimeout(stepMs);
    left = begun(before);
  }
  return left.length === 0 ? { type: 'loaded' } : { type: 'busy', with: left };
}

/** Timers, sockets and the like that are there now and were not before. */
function begun(before: readonly string[]): readonly string[] {
  const left = [...process.getActiveResourcesInfo()];
  for (const one of before) {
    const index = left.indexOf(one);
    if (index !== -1) left.splice(index, 1);
  }
  return [...new Set(left)];
}
