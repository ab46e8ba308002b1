/**
 * Files that a command writes. Each is written whole under another name, synced, and renamed: a reader finds the old content or the new, and
 * never a part. What is no regular file (a pipe, a device) cannot be renamed over and is written as it is.
 */

import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ScenarioError } from '../../scenarios/index.ts';
import { say } from './standard-error.ts';
import { systemErrorWords } from './system-error.ts';

/** Throws `ScenarioError` with the reason if the file cannot be written; then the old content is still there. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  attempt(file, () => {
    const target = targetOf(file);
    if (!target.isRegular) {
      writeFileSync(target.path, content);
      return;
    }
    makeFolder(dirname(target.path));
    const beside = besideOf(target.path);
    try {
      writeSynced(beside, content, target.mode);
      renameSync(beside, target.path);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  });
}

/**
 * Makes the folder of a file that the user named and writes a byte beside the file, so that a long job does not end without a place for its
 * result. Throws `ScenarioError` if that fails.
 */
export function tryToWrite(file: string): void {
  attempt(file, () => {
    const target = targetOf(file);
    if (!target.isRegular) {
      closeSync(openSync(target.path, 'a'));
      return;
    }
    makeFolder(dirname(target.path));
    const beside = besideOf(target.path);
    try {
      writeSynced(beside, '\n', target.mode);
    } finally {
      rmSync(beside, { force: true });
    }
  });
}

/** Adds to a file that others write too. Throws `ScenarioError` if that fails. */
export function appendTo(file: string, content: string): void {
  attempt(file, () => appendFileSync(file, content));
}

/** Does what comes after the results. What fails is a note on stderr; false then. */
export function orNote(act: () => void, note: (reason: string) => string = (reason) => reason): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    say(`note: ${note(error.message)}`);
    return false;
  }
}

interface Target {
  readonly path: string;
  readonly isRegular: boolean;
  /** The mode of the file that is there. */
  readonly mode: number | undefined;
}

/** Where a symbolic link leads, so that the link itself stays. */
function targetOf(file: string): Target {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { path: file, isRegular: true, mode: undefined };
  if (stats.isDirectory()) throw Object.assign(new Error('this is a folder'), { code: 'EISDIR', syscall: 'open' });
  return { path: realpathSync(file), isRegular: stats.isFile(), mode: stats.mode & 0o777 };
}

/** One folder after the other: with `recursive` Node says ENOENT of a file system that is read-only. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it since.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** One name a process: what a process that was killed left there is overwritten by the next of its number, and read by nobody. */
function besideOf(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 200)}.${process.pid}.tmp`);
}

function writeSynced(file: string, content: string | Uint8Array, mode: number | undefined): void {
  const descriptor = openSync(file, 'w', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function attempt(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const words = systemErrorWords(error);
    throw words === undefined ? error : new ScenarioError(`${file}: it cannot be written: ${words}`);
  }
}
