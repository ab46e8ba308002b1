/** Starts a program whose standard output is a file: a line is written, and seen, in one order with its other calls. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import { RecordingError } from './recording-error.ts';

export interface Start {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The file that its standard output becomes. */
  readonly output: string;
  /** Where that file can be read. */
  readonly shown: string;
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Whether it and its children can be ended together. Ctrl-C does not reach it then. */
  readonly hasOwnGroup: boolean;
}

export interface StartedProgram {
  /** The exit code; a signal counts as 128 and its number. */
  readonly ended: Promise<number>;
  /** Asks its group to end, and ends it by force where it does not. */
  end(): Promise<void>;
}

/** How long a program may take to end after it was asked. */
export const graceMs = 5000;

export function startProgram(command: readonly string[], start: Start): StartedProgram {
  const { cwd, env, output, shown, onOutput, hasOwnGroup } = start;
  const [program = '', ...args] = command;
  const out = openSync(output, 'a');
  const source = openSync(shown, 'r');
  const child = spawn(program, args, { cwd, env, stdio: ['inherit', out, 'inherit'], detached: hasOwnGroup });
  closeSync(out);
  const show = shownFrom(source, onOutput);
  const timer = setInterval(show, 100);
  let isOver = false;
  const signalGroup = (signal: NodeJS.Signals): void => {
    const { pid } = child;
    // Later its number may belong to somebody else.
    if (!hasOwnGroup || pid === undefined || isOver) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  };
  const forceEnd = (): void => signalGroup('SIGKILL');
  if (hasOwnGroup) process.once('exit', forceEnd);
  const ended = new Promise<number>((resolve, reject) => {
    const settle = (): void => {
      // What it started ends with it.
      forceEnd();
      isOver = true;
      clearInterval(timer);
      process.off('exit', forceEnd);
      show();
      closeSync(source);
    };
    child.on('error', ({ message }) => {
      settle();
      reject(new RecordingError(`${program} could not be started: ${message}`));
    });
    child.on('exit', (code, signal) => {
      settle();
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
  const end = async (): Promise<void> => {
    signalGroup('SIGTERM');
    const force = setTimeout(forceEnd, graceMs);
    await ended;
    clearTimeout(force);
  };
  return { ended, end };
}

/** Reads on from where it was, each time it is called. */
function shownFrom(fd: number, onOutput: (bytes: Uint8Array) => void): () => void {
  const buffer = Buffer.alloc(65536);
  let shown = 0;
  return () => {
    for (let count = readSync(fd, buffer, 0, buffer.length, shown); count > 0; ) {
      shown += count;
      onOutput(buffer.subarray(0, count));
      count = readSync(fd, buffer, 0, buffer.length, shown);
    }
  };
}
