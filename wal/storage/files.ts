/**
 * Real files as the storage interface: synchronous writes, `fdatasync`, and a sync of the directory for names. `lazurite/wal/files`; with
 * the lock of the folder all of `wal/` that needs Node.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type FolderLock, FolderLockedError, lockFolder } from './files-lock.ts';
import { type Storage, StorageError, type StorageErrorCode } from './storage.ts';

export { FolderLockedError };

/** A node's folder, which this process alone writes to. Files stay open while they are written; `close` gives descriptors and folder back. */
export class RealFiles implements Storage {
  readonly #root: string;
  readonly #lock: FolderLock | undefined;
  readonly #open = new Map<string, number>();
  #isClosed = false;

  /**
   * Makes the folder durably, if it is missing. Throws `FolderLockedError` if another process writes to it, and `StorageError` where it
   * cannot be made. `lock: 'none'` is for folders that nobody else knows.
   */
  constructor(root: string, { lock = 'folder' }: { readonly lock?: 'folder' | 'none' } = {}) {
    this.#root = root;
    this.#attempt('create', '.', () => {
      makeFolder(resolve(root));
      // Also if it was there: its maker may have been killed before this.
      syncFolder(dirname(resolve(root)));
    });
    this.#lock = lock === 'none' ? undefined : this.#attempt('lock', 'lock', () => lockFolder(root));
  }

  /** Whether a second writer is kept out: on Linux, with the program `flock`. */
  get isProtected(): boolean {
    return this.#lock?.isProtected === true;
  }

  create(file: string): void {
    const path = this.#within('create', file);
    // 'a' so that every write goes after the last byte; 'x' so that nothing is overwritten.
    const descriptor = this.#attempt('create', file, () => {
      makeFolder(dirname(path));
      return openSync(path, 'ax+');
    });
    this.#open.set(file, descriptor);
  }

  append(file: string, bytes: Uint8Array): void {
    const descriptor = this.#descriptor('append', file);
    this.#writeAll('append', file, bytes, (from) => writeSync(descriptor, bytes, from));
  }

  writeAt(file: string, offset: number, bytes: Uint8Array): void {
    // A descriptor opened for appending ignores offsets.
    const path = this.#path('writeAt', file);
    this.#attempt('writeAt', file, () => {
      const descriptor = openSync(path, 'r+');
      try {
        this.#writeAll('writeAt', file, bytes, (from) => writeSync(descriptor, bytes, from, bytes.length - from, offset + from));
      } finally {
        closeSync(descriptor);
      }
    });
  }

  sync(file: string): void {
    const descriptor = this.#descriptor('sync', file);
    this.#attempt('sync', file, () => fdatasyncSync(descriptor));
  }

  syncDirectory(directory: string): void {
    this.#attempt('syncDirectory', directory, () => {
      syncFolder(directory === '' ? this.#root : this.#within('syncDirectory', directory));
    });
  }

  read(file: string, offset = 0, length: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    const descriptor = this.#descriptor('read', file);
    return this.#attempt('read', file, () => {
      const wanted = Math.max(0, Math.min(length, fstatSync(descriptor).size - offset));
      const bytes = new Uint8Array(wanted);
      let at = 0;
      while (at < wanted) {
        const read = readSync(descriptor, bytes, at, wanted - at, offset + at);
        if (read === 0) break;
        at += read;
      }
      return bytes.subarray(0, at);
    });
  }

  size(file: string): number {
    const path = this.#path('size', file);
    return this.#attempt('size', file, () => statSync(path).size);
  }

  list(directory: string): readonly string[] {
    const path = this.#within('list', directory);
    if (!existsSync(path)) return [];
    return this.#attempt('list', directory, () => readdirSync(path).sort());
  }

  remove(file: string): void {
    const path = this.#path('remove', file);
    this.#attempt('remove', file, () => unlinkSync(path));
    const descriptor = this.#open.get(file);
    if (descriptor !== undefined) closeSync(descriptor);
    this.#open.delete(file);
  }

  /** Nothing can be done with it afterwards: the folder may have another writer. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
    this.#lock?.release();
  }

  freeBytes(): number {
    const { bavail, bsize } = this.#attempt('freeBytes', '.', () => statfsSync(this.#root));
    return bavail * bsize;
  }

  /** Throws `StorageError` for a name that could lead out of the folder, and after `close`. */
  #within(operation: string, file: string): string {
    if (this.#isClosed) throw new StorageError('EINVAL', operation, file, 'these files were closed');
    const isPlain = file.split('/').every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part));
    if (isPlain) return join(this.#root, file);
    throw new StorageError('EINVAL', operation, file, 'a name of letters, digits, ., _ and - is expected, within the folder');
  }

  /** A write may end early, and says why when it is asked for the rest. */
  #writeAll(operation: string, file: string, bytes: Uint8Array, write: (from: number) => number): void {
    let done = 0;
    while (done < bytes.length) {
      let written = 0;
      try {
        written = write(done);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        throw new StorageError(codeOf(code), operation, file, `${done} of ${bytes.length} bytes were written: ${message}`);
      }
      if (written === 0) throw new StorageError('EIO', operation, file, `only ${done} of ${bytes.length} bytes were written`);
      done += written;
    }
  }

  #path(operation: string, file: string): string {
    const path = this.#within(operation, file);
    if (!existsSync(path)) throw new StorageError('ENOENT', operation, file, 'there is no such file');
    return path;
  }

  #descriptor(operation: string, file: string): number {
    const known = this.#open.get(file);
    if (known !== undefined) return known;
    const path = this.#path(operation, file);
    const descriptor = this.#attempt(operation, file, () => openSync(path, 'a+'));
    this.#open.set(file, descriptor);
    return descriptor;
  }

  #attempt<Result>(operation: string, file: string, act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      if (error instanceof StorageError || error instanceof FolderLockedError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new StorageError(codeOf(code), operation, file, message);
    }
  }
}

/** With the parents that are missing; each name is made durable in its parent. */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw new Error(`${path} is a file, and a folder is expected`);
  }
  makeFolder(dirname(path));
  mkdirSync(path);
  syncFolder(dirname(path));
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function codeOf(code: string | undefined): StorageErrorCode {
  // Quotas and limits of size are full disks too.
  if (code === 'EDQUOT' || code === 'EFBIG') return 'ENOSPC';
  return code === 'EEXIST' || code === 'ENOENT' || code === 'ENOSPC' || code === 'EINVAL' ? code : 'EIO';
}
