/**
 * One writer a folder: a lock on a file in it, which the kernel gives back when the process ends, however it ends. Part of `lazurite/wal/files`.
 *
 * `flock` of util-linux (or BusyBox) locks the open file that it inherits from this process, and ends; the lock stays with the file as long as this
 * process has it open. Not protected: systems other than Linux, machines without that program, and network file systems without locks; there
 * two writers destroy the log of each other, and a warning says so.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const lockFile = 'lock';
/** What `flock -n` exits with where another has the lock. */
const isTaken = 1;

/** Another process writes to the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly code = 'FOLDER_LOCKED';

  constructor(folder: string, owner: string) {
    const who = /^\d{1,10}$/.test(owner) ? `process ${owner}` : 'another process';
    super(`${folder}: ${who} writes to this folder; end it, or give another folder`);
  }
}

export interface FolderLock {
  /** False: nothing keeps a second writer out. */
  readonly isProtected: boolean;
  release(): void;
}

/** Throws `FolderLockedError` if another has the folder, and the error of the system if the lock file cannot be opened. */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, lockFile);
  const descriptor = openSync(path, 'a');
  const release = (): void => closeSync(descriptor);
  const reason = refusedBy(descriptor);
  if (reason === 'taken') {
    release();
    throw new FolderLockedError(folder, ownerIn(path));
  }
  if (reason === undefined) tellOwner(descriptor);
  else
    process.emitWarning(`${folder}: nothing keeps a second writer out of this folder (${reason})`, {
      code: 'LAZURITE_NO_LOCK',
    });
  return { isProtected: reason === undefined, release };
}

/** Undefined: the lock is ours. Otherwise why it is not. */
function refusedBy(descriptor: number): string | undefined {
  if (process.platform !== 'linux') return `locks of folders need Linux, and this is ${process.platform}`;
  const { status, error } = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
  if (status === 0) return undefined;
  if (status === isTaken) return 'taken';
  return error === undefined ? `flock ended with ${status}` : `flock could not be run: ${error.message}`;
}

/** For the message of the next one. Where the disk is full it goes without. */
function tellOwner(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, String(process.pid));
  } catch {
    // It only helps people.
  }
}

function ownerIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
