/**
 * The storage interface: what a log needs of a disk. Real files and the simulated disk both implement it and pass one suite.
 *
 * Synchronous, with typed errors. Names are paths within a node's folder, such as `wal/3.1.wal`; offsets and lengths are bytes. Not
 * modelled: how long an operation takes. The lock of the folder (one writer at a time) is a matter of real files (files-lock.ts).
 */

export type StorageErrorCode = 'EEXIST' | 'ENOENT' | 'EIO' | 'ENOSPC' | 'EINVAL';

/** An operation on storage failed. `code` is stable; `file` and `operation` say where. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly operation: string;
  readonly file: string;

  constructor(code: StorageErrorCode, operation: string, file: string, detail: string) {
    super(`${operation} ${file}: ${detail} (${code})`);
    this.code = code;
    this.operation = operation;
    this.file = file;
  }
}

export interface Storage {
  /** Makes an empty file, and its directory where that is missing. `EEXIST` when the name is taken: nothing is ever overwritten. */
  create(file: string): void;
  /** Writes after the last byte, into the page cache. `ENOENT`, `ENOSPC`, `EIO`. */
  append(file: string, bytes: Uint8Array): void;
  /** Overwrites in place, also past the end (a gap reads as zeros). Only attest slots are written so. */
  writeAt(file: string, offset: number, bytes: Uint8Array): void;
  /** Makes the bytes of a file durable; its name is durable only after `syncDirectory`. */
  sync(file: string): void;
  /** Makes names made and removed in a directory durable; '' is the node's folder, in which the names of its directories are. */
  syncDirectory(directory: string): void;
  /** Up to `length` bytes from `offset` (default: the whole file), page cache included; shorter at the end of the file. */
  read(file: string, offset?: number, length?: number): Uint8Array;
  /** Bytes a process would read now. */
  size(file: string): number;
  /** Names within the directory, sorted; empty for a directory that does not exist. */
  list(directory: string): readonly string[];
  remove(file: string): void;
  /** Bytes that may still be written, where that is known. */
  freeBytes?(): number;
}
