/** A drive on a real disk that loses its power: what is there after the acknowledgement, and after another file was synced besides. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LoopDisk, RealFileSystem } from '../power-cut/loop-disk.ts';
import type { Subject } from './catalogue.ts';
import { isKept, isWhole } from './drive.ts';
import { workerCommand } from './worker-command.ts';

export interface RealLoss {
  readonly fileSystem: RealFileSystem;
  /** Power failed right at the acknowledgement, or after another file was synced. */
  readonly at: 'once' | 'later';
  /** The newest acknowledged value is there; an older one is; or neither, or nothing can be read. */
  readonly outcome: 'kept' | 'lost' | 'damaged';
  readonly words: string;
}

/** The value whose acknowledgement comes before the loss. */
const last = 2;

export async function realLoss(disk: LoopDisk, subject: Subject, scratch: string, at: RealLoss['at']): Promise<RealLoss> {
  const folder = join(disk.path, 'state');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  answerOf(workerCommand('prepare', subject, scratch, folder));
  disk.sync();
  await cutAtAcknowledgement(disk, workerCommand('hold', subject, scratch, folder, String(last)), at);
  disk.restart();
  const answer = JSON.parse(answerOf(workerCommand('find', subject, scratch, folder))) as {
    readonly found?: unknown;
    readonly failed?: string;
  };
  const { outcome, words } = outcomeOf(answer, subject.isCache === true);
  return { fileSystem: disk.fileSystem, at, outcome, words: words.replaceAll(folder, '<folder>') };
}

async function cutAtAcknowledgement(
  disk: LoopDisk,
  [program = '', ...args]: readonly string[],
  at: RealLoss['at'],
): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  const acknowledged = new Promise<boolean>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.split('\n').includes(String(last))) resolve(true);
    });
    child.once('exit', () => resolve(false));
  });
  const isAcknowledged = await acknowledged;
  if (at === 'later') syncAnother(disk.path);
  disk.cut();
  child.kill('SIGKILL');
  await exited;
  if (!isAcknowledged) throw new Error(`the drive ended before it acknowledged ${last}; it said ${JSON.stringify(said)}`);
}

function syncAnother(folder: string): void {
  const fd = openSync(join(folder, 'another'), 'w');
  writeSync(fd, 'x');
  fsyncSync(fd);
  closeSync(fd);
}

function answerOf([program = '', ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`the drive failed: ${stderr.trim().split('\n').slice(-3).join(' | ')}`);
  return stdout.trim().split('\n').at(-1) ?? '';
}

function outcomeOf(
  { found, failed }: { readonly found?: unknown; readonly failed?: string },
  isCache: boolean,
): Pick<RealLoss, 'outcome' | 'words'> {
  if (isCache && failed === undefined && (found === undefined || found === null)) return { outcome: 'lost', words: 'a miss' };
  if (failed !== undefined) return { outcome: 'damaged', words: failed };
  const complaint = (act: () => void): string | undefined => {
    try {
      act();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const notWhole = complaint(() => isWhole(found));
  if (notWhole !== undefined) return { outcome: 'damaged', words: notWhole };
  const notKept = complaint(() => isKept(found, [last]));
  return notKept === undefined ? { outcome: 'kept', words: `it holds ${found}` } : { outcome: 'lost', words: notKept };
}
