/**
 * A program that answers lines with lines, asked synchronously: two named pipes with non-blocking ends of ours, and a deadline for each answer. Silence, a
 * flood, an end and a program that reads nothing all end in a `ProgramError`; nothing hangs, and memory is bounded. Not on Windows, which has no mkfifo.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A node program did not do what the format asks of it. The message is for its author. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly code: 'NOT_STARTED' | 'ENDED' | 'SILENT' | 'LINE_TOO_LONG' | 'NOT_UNDERSTOOD' | 'NONDETERMINISTIC';

  constructor(code: ProgramError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Something that answers lines: a process, or a function in its place. */
export interface LineProgram {
  /** Throws `ProgramError`. */
  ask(line: string): string;
  end(): void;
}

const longestLine = 1 << 20;
/** Tries at full speed (about 5 us each) before it sleeps between them. More would take a busy processor away from the program that is to answer. */
const quickTries = 15;
const napMs = 0.05;
const nap = new Int32Array(new SharedArrayBuffer(4));

export function startProgram(command: readonly string[], { deadlineMs }: { readonly deadlineMs: number }): LineProgram {
  const [program = '', ...args] = command;
  const { child, write, read } = spawnOnPipes(program, args);
  const buffer = Buffer.alloc(65_536);
  let chunks: Buffer[] = [];
  let kept = 0;
  const end = (): void => {
    closeSync(write);
    closeSync(read);
    // A process that was never started has no id; then `kill` would end this one's group.
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  if (child.pid === undefined) {
    end();
    throw new ProgramError('NOT_STARTED', `${program} could not be started; give the command as in a terminal`);
  }
  /** Repeats until it answers other than `again`. */
  const patiently = (attempt: () => number | 'again', late: string): number => {
    const deadline = performance.now() + deadlineMs;
    for (let tries = 0; ; tries += 1) {
      const result = attempt();
      if (result !== 'again') return result;
      if (performance.now() > deadline) throw new ProgramError('SILENT', late);
      if (tries > quickTries) Atomics.wait(nap, 0, 0, napMs);
    }
  };
  const nextLine = (): string => {
    for (;;) {
      const last = chunks.at(-1);
      const at = last?.indexOf(10) ?? -1;
      if (last !== undefined && at !== -1) {
        const line = Buffer.concat([...chunks.slice(0, -1), last.subarray(0, at)]).toString();
        const rest = last.subarray(at + 1);
        chunks = rest.length === 0 ? [] : [rest];
        kept = rest.length;
        return line;
      }
      if (kept > longestLine)
        throw new ProgramError('LINE_TOO_LONG', `it wrote more than ${longestLine} bytes without an end of line`);
      const count = patiently(() => attemptIn(() => readSync(read, buffer)), `it gave no answer within ${deadlineMs} ms`);
      if (count === 0) throw new ProgramError('ENDED', 'it ended without an answer');
      chunks.push(Buffer.from(buffer.subarray(0, count)));
      kept += count;
    }
  };
  return {
    end,
    ask: (line) => {
      if (kept > 0) throw new ProgramError('NOT_UNDERSTOOD', 'it wrote more than one line in answer to one input');
      const bytes = Buffer.from(`${line}\n`);
      for (let at = 0; at < bytes.length; )
        at += patiently(() => attemptIn(() => writeSync(write, bytes, at)), `it read no input within ${deadlineMs} ms`);
      return nextLine();
    },
  };
}

function attemptIn(act: () => number): number | 'again' {
  try {
    return act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 'again';
    if (code === 'EPIPE') throw new ProgramError('ENDED', 'it ended, or closed its input');
    throw error;
  }
}

function spawnOnPipes(
  program: string,
  args: readonly string[],
): { readonly child: ChildProcess; readonly write: number; readonly read: number } {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-node-'));
  const [input, output] = [join(folder, 'in'), join(folder, 'out')];
  try {
    execFileSync('mkfifo', [input, output]);
    const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
    // Both directions at once never block; they only let the four real ends open.
    const held = [openSync(input, 'r+'), openSync(output, 'r+')];
    const theirs = [openSync(input, O_RDONLY), openSync(output, O_WRONLY)];
    const write = openSync(input, O_WRONLY | O_NONBLOCK);
    const read = openSync(output, O_RDONLY | O_NONBLOCK);
    const child = spawn(program, args, { stdio: [...theirs, 'ignore'], detached: true });
    child.on('error', () => undefined);
    child.unref();
    for (const fd of [...held, ...theirs]) closeSync(fd);
    return { child, write, read };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
