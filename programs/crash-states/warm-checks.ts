/**
 * A command that judges many states, so that no process is started for each. It reads a line of JSON for each state from standard input, `{ "state": folder,
 * "acknowledged": [lines] }`, and answers with one: `{ "state": folder, "complaint": null }`, or what is wrong in place of null.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { z } from 'zod';

export interface WarmOptions {
  /** Run by `sh -c`. */
  readonly recover: string;
  /** Where it runs. */
  readonly workingFolder: string;
  /** The longest time of one answer. */
  readonly timeoutMs: number;
}

/** An answer, or why there is none: then the command has ended, or was ended. */
export type WarmAnswer = { readonly complaint: string | null } | { readonly failed: string };

const answered = z.object({ state: z.string(), complaint: z.string().nullable() });

/** The most that is kept of what a command writes to standard error, and the longest answer. */
const errorBytes = 4096;
const answerBytes = 65_536;

/** One running command, which answers one state at a time. It is started with the first state, and again after it has ended. */
export class WarmCheck {
  readonly #options: WarmOptions;
  #child: ChildProcess | undefined;
  #state = '';
  #heard = '';
  #errors = '';
  #answer: ((answer: WarmAnswer) => void) | undefined;

  constructor(options: WarmOptions) {
    this.#options = options;
  }

  ask(state: string, acknowledged: readonly unknown[]): Promise<WarmAnswer> {
    const child = this.#child ?? this.#start();
    this.#state = state;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#settle({ failed: `it did not answer within ${this.#options.timeoutMs} ms` });
        this.end();
      }, this.#options.timeoutMs);
      this.#answer = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      child.stdin?.write(`${JSON.stringify({ state, acknowledged: acknowledged.map(String) })}\n`);
    });
  }

  end(): void {
    const pid = this.#child?.pid;
    this.#child = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #start(): ChildProcess {
    const { recover, workingFolder } = this.#options;
    const child = spawn('sh', ['-c', recover], { cwd: workingFolder, stdio: 'pipe', detached: true });
    [this.#child, this.#heard, this.#errors] = [child, '', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#hear(child, text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-errorBytes);
    });
    // A command that has ended closes its input.
    child.stdin.on('error', () => undefined);
    const ended = (how: string): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      const words = this.#errors.trim().split('\n').slice(-2).join(' | ');
      this.#settle({ failed: `${how}${words === '' ? '' : `: ${words}`}` });
    };
    child.on('error', ({ message }) => ended(message));
    child.on('close', (code, signal) => ended(`it ended with ${code === null ? signal : `exit ${code}`} and without an answer`));
    return child;
  }

  #hear(child: ChildProcess, text: string): void {
    if (this.#child !== child) return;
    this.#heard += text;
    const end = this.#heard.indexOf('\n');
    if (end === -1 && this.#heard.length < answerBytes) return;
    const line = this.#heard.slice(0, end === -1 ? answerBytes : end);
    this.#heard = this.#heard.slice(line.length + 1);
    const complaint = complaintIn(line, this.#state);
    if (complaint !== undefined) {
      this.#settle({ complaint });
      return;
    }
    this.#settle({ failed: `it wrote a line that is no answer for this state: ${line.slice(0, 200)}` });
    this.end();
  }

  #settle(answer: WarmAnswer): void {
    const resolve = this.#answer;
    this.#answer = undefined;
    resolve?.(answer);
  }
}

/** The complaint of an answer; null if there is none, and undefined if the line is no answer for this state. */
function complaintIn(line: string, state: string): string | null | undefined {
  try {
    const answer = answered.parse(JSON.parse(line));
    return answer.state === state ? answer.complaint : undefined;
  } catch {
    return undefined;
  }
}
