/**
 * Real files behind the storage interface: synchronous writes, `fdatasync`, and a sync of the directory for names. `lazurite/wal/files`;
 * the only file of `wal/` that needs Node.
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
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Storage, StorageError, type StorageErrorCode } from './storage.ts';

/** A node's folder. Files stay open while they are written; `close` gives the descriptors back. */
export class RealFiles implements Storage {
  readonly #root: string;
  readonly #open = new Map<string, number>();

  /** Makes the folder where it is missing. */
  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true });
  }

  create(file: string): void {
    const path = join(this.#root, file);
    mkdirSync(dirname(path), { recursive: true });
    // 'a' so that every write goes behind the last byte; 'x' so that nothing is overwritten.
    this.#open.set(
      file,
      this.#attempt('create', file, () => openSync(path, 'ax+')),
    );
  }

  append(file: string, bytes: Uint8Array): void {
    const descriptor = this.#descriptor('append', file);
    const written = this.#attempt('append', file, () => writeSync(descriptor, bytes));
    if (written < bytes.length)
      throw new StorageError('ENOSPC', 'append', file, `only ${written} of ${bytes.length} bytes were written`);
  }

  writeAt(file: string, offset: number, bytes: Uint8Array): void {
    // A descriptor opened for appending ignores offsets.
    const path = this.#path('writeAt', file);
    this.#attempt('writeAt', file, () => {
      const descriptor = openSync(path, 'r+');
      try {
        writeSync(descriptor, bytes, 0, bytes.length, offset);
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
      const descriptor = openSync(join(this.#root, directory), 'r');
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
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
    const path = join(this.#root, directory);
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

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #path(operation: string, file: string): string {
    const path = join(this.#root, file);
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
      const { code, message } = error as NodeJS.ErrnoException;
      throw new StorageError(codeOf(code), operation, file, message);
    }
  }
}

function codeOf(code: string | undefined): StorageErrorCode {
  return code === 'EEXIST' || code === 'ENOENT' || code === 'ENOSPC' || code === 'EINVAL' ? code : 'EIO';
}
