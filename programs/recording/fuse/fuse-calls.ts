/**
 * Operations of the recording file system as recorded calls. A handle of the file system is the descriptor; copies of a descriptor (dup, fork) share it.
 *
 * The file system knows the thread that called, and neither the descriptor nor the line in the source.
 */
import { constants } from 'node:fs';
import type { Call, RecordedCall } from '../calls.ts';
import { OutputLines } from '../output-lines.ts';
import type { FuseOperation } from './fuse-operations.ts';

/** Descriptors are unique over all processes, so one name holds them all. */
const everyProcess = 'fuse';

export function callsOfOperations(operations: readonly FuseOperation[]): readonly RecordedCall[] {
  const done = operations.filter(({ result }) => result >= 0);
  const lastUse = new Map(done.filter(({ handle }) => handle > 0).map((operation) => [operation.handle, operation]));
  const syncedWrites = new SyncedWrites();
  const lines = new OutputLines();
  const recorded: RecordedCall[] = [];
  for (const operation of done) {
    const { begin, end, handle } = operation;
    const add = (call: Call): void => {
      recorded.push({ begin, end, process: everyProcess, call, place: placeOf(operation) });
    };
    if (operation.name === 'output') for (const line of lines.linesOf(operation.first)) add({ op: 'acknowledge', value: line });
    else if (!syncedWrites.isEndedBy(operation, recorded)) {
      const call = callOf(operation);
      if (call !== undefined) add(call);
      syncedWrites.note(operation, recorded.length - 1);
    }
    // After it: the file stays open while memory is mapped to it, although close(2) was called.
    if (handle > 0 && lastUse.get(handle) === operation)
      recorded.push({ begin: end + 0.25, end: end + 0.5, process: everyProcess, call: { op: 'close', fd: handle }, place: '' });
  }
  return recorded;
}

/**
 * Writes to files that were opened with O_SYNC or O_DSYNC. The kernel sends a sync after each of them, in the same thread. It covers that write alone, as
 * the flags say: the write ends with it, and it is no call.
 */
class SyncedWrites {
  readonly #handles = new Set<number>();
  /** Places in the record of writes that have no end yet, by handle and thread. */
  readonly #open = new Map<string, number[]>();

  note({ name, handle, number, process }: FuseOperation, place: number): void {
    if (name === 'open' && (number & constants.O_DSYNC) !== 0) this.#handles.add(handle);
    if (name !== 'write' || !this.#handles.has(handle)) return;
    const key = `${handle} ${process}`;
    this.#open.set(key, [...(this.#open.get(key) ?? []), place]);
  }

  isEndedBy({ name, handle, process, end }: FuseOperation, recorded: RecordedCall[]): boolean {
    const places = name === 'fsync' || name === 'fdatasync' ? this.#open.get(`${handle} ${process}`) : undefined;
    if (places === undefined) return false;
    this.#open.delete(`${handle} ${process}`);
    for (const place of places) recorded[place] = { ...(recorded[place] as RecordedCall), end };
    return true;
  }
}

/** Undefined for operations that change nothing that power could take. */
function callOf({ name, handle, number, first, second }: FuseOperation): Call | undefined {
  switch (name) {
    case 'open':
      // Each write names its place, so O_APPEND says nothing more.
      return { op: 'open', path: textOf(first), flags: number & ~constants.O_APPEND, fd: handle };
    case 'write':
      return { op: 'write', fd: handle, bytes: first, position: number };
    case 'mapped':
      return { op: 'write', fd: handle, bytes: first, position: number, isMapped: true };
    case 'truncate':
      return handle > 0
        ? { op: 'truncate', fd: handle, length: number }
        : { op: 'truncate', path: textOf(first), length: number };
    case 'extend':
      return { op: 'extend', fd: handle, length: number };
    case 'fsync':
    case 'fdatasync':
      return { op: 'sync', fd: handle, isDataOnly: name === 'fdatasync' };
    case 'rename':
    case 'link':
      return { op: name, from: textOf(first), to: textOf(second) };
    case 'exchange':
      return { op: 'unseen', what: `an exchange of ${textOf(first)} and ${textOf(second)}` };
    case 'symlink':
      return { op: 'symlink', target: textOf(first), path: textOf(second) };
    case 'unlink':
    case 'mkdir':
    case 'rmdir':
      return { op: name, path: textOf(first) };
    default:
      return undefined;
  }
}

function placeOf({ name, process }: FuseOperation): string {
  return name === 'mapped'
    ? 'a write-back of mapped memory, without a source line'
    : `${name} of process ${process}, without a source line`;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
