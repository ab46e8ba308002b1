/**
 * Ctrl-C during a campaign. The first one stops the runs that have not ended, in this thread and in workers. The command then reports those that had ended. A
 * second one ends the command at once, as it does outside a campaign.
 */
import { createContext, Script } from 'node:vm';

// Work in this thread does not return to the event loop, so signal listeners do not run. V8 can interrupt a script, and what the script calls.
const room: { work?: () => unknown } = {};
createContext(room);
const script = new Script('work()');

export class Interruption {
  readonly #controller = new AbortController();

  readonly #signals: readonly NodeJS.Signals[];

  /** Whichever of these signals comes first counts as the first Ctrl-C. Only SIGINT interrupts work that is running in this thread; others wait for its end. */
  constructor(signals: readonly NodeJS.Signals[] = ['SIGINT']) {
    this.#signals = signals;
    for (const name of signals) process.on(name, this.#heard);
  }

  get isInterrupted(): boolean {
    return this.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Runs `work`, which must be synchronous, in this thread. Returns undefined if Ctrl-C was pressed before or during it. Throws what `work` throws, and
   * an error if `work` takes longer than `limitMs`.
   */
  attempt<Result>(work: () => Result, limitMs?: number): Result | undefined {
    if (this.isInterrupted) return undefined;
    room.work = work;
    try {
      return script.runInContext(room, { breakOnSigint: true, ...(limitMs === undefined ? {} : { timeout: limitMs }) }) as Result;
    } catch (error) {
      const code = (error as { readonly code?: unknown } | undefined)?.code;
      if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new Error(hangs(limitMs ?? 0));
      if (code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      this.#heard();
      return undefined;
    } finally {
      delete room.work;
    }
  }

  /** Stops what is running. Removes every listener, so that the next signal ends the process. */
  readonly #heard = (): void => {
    for (const name of this.#signals) process.removeListener(name, this.#heard);
    this.#controller.abort();
  };
}

/** The line that an interrupted command prints below its results. */
export function interruptedText(ended: number, of: number, what: string): string {
  return `interrupted: ${ended} of ${of} ${what} had ended`;
}

export function hangs(limitMs: number): string {
  return `it had not ended after ${limitMs / 1000} s`;
}
