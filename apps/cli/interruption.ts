/**
 * Ctrl-C during a campaign. The first ends the units under way, in this thread and in workers, and what had ended is told; a second one ends
 * the command at once, as one does outside a campaign. Not here: the results, which each command prints in its own form.
 */
import { createContext, Script } from 'node:vm';

// Work of this thread never comes back to the event loop, where signals are heard. An engine stops a script from without, and what it calls.
const room: { work?: () => unknown } = {};
createContext(room);
const script = new Script('work()');

export class Interruption {
  readonly #controller = new AbortController();

  constructor() {
    process.on('SIGINT', this.#heard);
  }

  get isInterrupted(): boolean {
    return this.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Does `work` in this thread, which waits for nothing. Undefined: Ctrl-C came before. Throws what it throws, and an error where it
   * takes longer than `limitMs`.
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

  /** Nobody listens from here on, so that the next signal does what it does by itself. */
  readonly #heard = (): void => {
    process.removeListener('SIGINT', this.#heard);
    this.#controller.abort();
  };
}

/** The line that says so, below what had ended. */
export function interruptedText(ended: number, of: number, what: string): string {
  return `interrupted: ${ended} of ${of} ${what} had ended`;
}

export function hangs(limitMs: number): string {
  return `it had not ended after ${limitMs / 1000} s`;
}
