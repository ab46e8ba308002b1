/**
 * A judge by command: each state is in a folder of its own, at the place where the program had it relative to its working folder, and the command runs
 * there. Everything else of the working folder is linked. The acknowledged lines come on standard input; exit 0 means kept.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Folder } from '../recording/calls.ts';
import { writeFolder } from '../recording/read-folder.ts';
import type { CommandRecord } from '../recording/record-file.ts';
import { ContentIds } from './folder-ids.ts';
import { memoryFolder } from './recoveries.ts';
import { notRecovered, type StateJudge } from './state-judge.ts';
import { WarmCheck } from './warm-checks.ts';

export interface CommandJudgeOptions {
  /** Run by `sh -c`. `LAZURITE_STATE` names the folder. */
  readonly recover: string;
  readonly timeoutMs: number;
  readonly jobs: number;
  /** The command is started once for each job, and judges a state for each line that it reads (default: once for each state). */
  readonly isWarm?: boolean;
}

/** The most that is kept of the output of a command. */
const outputBytes = 16_384;

export class CommandJudge implements StateJudge {
  readonly atOnce: number;
  readonly #record: Pick<CommandRecord, 'folder' | 'workingFolder'>;
  readonly #options: CommandJudgeOptions;
  readonly #ids = new ContentIds();
  readonly #known = new Map<string, Promise<string | undefined>>();
  /** Commands that wait for a state. */
  readonly #idle: WarmCheck[] = [];
  readonly #started: WarmCheck[] = [];
  readonly #root = mkdtempSync(join(memoryFolder(), 'lazurite-check-'));
  runs = 0;

  constructor(record: Pick<CommandRecord, 'folder' | 'workingFolder'>, options: CommandJudgeOptions) {
    this.#record = record;
    this.#options = options;
    this.atOnce = options.jobs;
  }

  keyOf(folder: Folder): string {
    return this.#ids.keyOf(folder);
  }

  complaintOf(folder: Folder, acknowledged: readonly unknown[]): Promise<string | undefined> {
    const key = `${acknowledged.length} ${this.keyOf(folder)}`;
    const known = this.#known.get(key) ?? this.#run(folder, acknowledged);
    this.#known.set(key, known);
    return known;
  }

  end(): void {
    for (const check of this.#started) check.end();
    rmSync(this.#root, { recursive: true, force: true });
  }

  async #run(folder: Folder, acknowledged: readonly unknown[]): Promise<string | undefined> {
    this.runs += 1;
    const room = join(this.#root, String(this.runs));
    const [workingFolder, state] = this.#furnish(room, folder);
    if (this.#options.isWarm === true) return this.#askWarm(room, state, acknowledged);
    const { exit, said } = await runCommand(this.#options, workingFolder, state, acknowledged);
    rmSync(room, { recursive: true, force: true });
    if (exit === 0) return undefined;
    const words = complaintIn(said).replaceAll(state, '<state>');
    return exit === 1 && words !== '' ? words : `${notRecovered}: exit ${exit}${words === '' ? '' : `: ${words}`}`;
  }

  async #askWarm(room: string, state: string, acknowledged: readonly unknown[]): Promise<string | undefined> {
    const { recover, timeoutMs } = this.#options;
    const check = this.#idle.pop() ?? new WarmCheck({ recover, workingFolder: this.#record.workingFolder, timeoutMs });
    if (!this.#started.includes(check)) this.#started.push(check);
    const answer = await check.ask(state, acknowledged);
    this.#idle.push(check);
    rmSync(room, { recursive: true, force: true });
    if ('failed' in answer) return `${notRecovered}: ${answer.failed.replaceAll(state, '<state>')}`;
    return answer.complaint?.replaceAll(state, '<state>');
  }

  /** The working folder of the command, and the folder with the state. */
  #furnish(room: string, folder: Folder): readonly [string, string] {
    const { folder: recorded, workingFolder } = this.#record;
    const inside = relative(workingFolder, recorded);
    if (inside === '' || inside.startsWith('..')) {
      writeFolder(join(room, 'state'), folder);
      return [workingFolder, join(room, 'state')];
    }
    const parts = inside.split(sep);
    let [real, own] = [workingFolder, room];
    for (const part of parts) {
      mkdirSync(own, { recursive: true });
      for (const name of readdirSync(real)) if (name !== part) symlinkSync(join(real, name), join(own, name));
      [real, own] = [join(real, part), join(own, part)];
    }
    mkdirSync(dirname(own), { recursive: true });
    writeFolder(own, folder);
    return [room, own];
  }
}

/** The line of a command's output that names an error, without the stack; otherwise its last lines. */
function complaintIn(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^(\s+at |Node\.js v)/.test(line));
  return (
    lines.findLast((line) => /^(Uncaught )?([A-Z]\w*)?(Error|Exception)\b/.test(line)) ??
    lines
      .slice(-2)
      .map((line) => line.trim())
      .join(' | ')
  );
}

interface Ended {
  /** An exit code, a signal, or why it was ended. */
  readonly exit: number | string;
  readonly said: string;
}

function runCommand(
  { recover, timeoutMs }: CommandJudgeOptions,
  cwd: string,
  state: string,
  acknowledged: readonly unknown[],
): Promise<Ended> {
  const env = { ...process.env, LAZURITE_STATE: state };
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', recover], { cwd, env, stdio: 'pipe', detached: true });
    let said = '';
    let late = false;
    const hear = (text: Buffer): void => {
      said = (said + text.toString()).slice(-outputBytes);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // A command that does not read its input closes it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(acknowledged.map((line) => `${String(line)}\n`).join(''));
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    child.on('error', ({ message }) => resolve({ exit: message, said }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ exit: late ? `it did not end within ${timeoutMs} ms` : (code ?? signal ?? 'unknown'), said });
    });
  });
}
