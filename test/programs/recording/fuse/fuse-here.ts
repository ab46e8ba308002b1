/** Whether a file system that records can be built and mounted here, and programs to record by it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import {
  type CommandJudgement,
  type CommandRecord,
  judgeCommand,
  type RecordedBy,
  type RecordedCommand,
  RecordingError,
  recordCommand,
  type StatesReport,
} from '../../../../programs/index.ts';

/** A shim in front of it would be traced too. */
export const python: string =
  spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() ?? '';

/** Undefined if it can. A source that does not compile is no reason, but an error. */
export async function whyNoFuse(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-fuse-here-'));
  try {
    await recordIn(folder, ['true']);
    return undefined;
  } catch (error) {
    if (!(error instanceof RecordingError) || /cannot compile/.test(error.message)) throw error;
    return error.message;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** For `before`: skips where nothing can be mounted, and says why. */
export async function needsFuse(this: Context): Promise<void> {
  this.timeout(60_000);
  const why = await whyNoFuse();
  if (why === undefined) return;
  process.stdout.write(`      no file system records here: ${why}\n`);
  this.skip();
}

/** Records a command on the folder `data`, which begins empty. */
export function recordIn(folder: string, command: readonly string[], by: RecordedBy = 'fuse'): Promise<RecordedCommand> {
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  return recordCommand({ command, folder: 'data', workingFolder: folder, by, onOutput: () => undefined });
}

export function judgedBy(record: CommandRecord, recover: string, options: Partial<CommandJudgement> = {}): Promise<StatesReport> {
  return judgeCommand(record, { recover, fileSystems: ['posix-weakest', 'ext4'], states: 100, ...options });
}

/** Compiles one C file into a program that needs no library. */
export function staticProgram(source: string, program: string): void {
  const { status, stderr } = spawnSync('cc', ['-O1', '-static', '-pthread', '-o', program, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
