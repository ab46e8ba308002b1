/** Runs a command to its end, and stops it with all its children when a signal says so. */
import { spawn } from 'node:child_process';
import { CommandError } from './errors.ts';

export interface CommandOptions {
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** For temporary files of the command. */
  readonly temporary?: string;
}

/** Milliseconds until a command that was asked to stop is killed. */
const patienceMs = 5000;

/** What the command wrote to stdout. Rejects with the signal's reason after an abort. */
export function runCommand(
  command: string,
  args: readonly string[],
  { folder, signal, temporary }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    // A process group of its own: Ctrl-C does not reach it directly, and one kill reaches all of it.
    const child = spawn(command, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: temporary === undefined ? process.env : { ...process.env, TMPDIR: temporary },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    let killer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      killGroup(child.pid, 'SIGTERM');
      killer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), patienceMs);
    };
    signal?.addEventListener('abort', stop, { once: true });
    const ended = (): void => {
      signal?.removeEventListener('abort', stop);
      clearTimeout(killer);
    };
    child.on('error', (error) => {
      ended();
      reject(new CommandError(`${command}: ${error.message}`));
    });
    child.on('close', (code, killedBy) => {
      ended();
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve(stdout);
      else reject(new CommandError(failure(`${command} ${args.join(' ')}`, folder, code ?? killedBy, stderr || stdout)));
    });
  });
}

function failure(command: string, folder: string, end: number | string | null, output: string): string {
  const last = output.trim().split('\n').slice(-40).join('\n');
  return `'${command}' in ${folder} ended with ${end}${last === '' ? '' : `:\n${last}`}`;
}

function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
