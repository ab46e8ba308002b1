/** The record that recording-fs.c writes, parsed: one header line for each operation, the bytes of its two texts, and a newline. */
import { RecordingError } from '../recording-error.ts';

export interface FuseOperation {
  readonly begin: number;
  readonly end: number;
  /** The thread that called; 0 where the kernel wrote on its own. */
  readonly process: number;
  readonly name: string;
  /** Negative (-errno) where the call failed. */
  readonly result: number;
  /** The opened file; 0 where it has none. No number is used twice. */
  readonly handle: number;
  /** Flags, a place or a length, by the name of the operation. */
  readonly number: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

const newline = 10;
const headerFields = 9;

/** Throws `RecordingError` where the record is cut, as when the file system was killed. */
export function fuseOperations(record: Uint8Array): readonly FuseOperation[] {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const operations: FuseOperation[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf(newline, at);
    const header = bytes.toString('latin1', at, Math.max(at, lineEnd));
    if (header === 'end' && lineEnd + 1 === bytes.length) return operations;
    const fields = header.split(' ');
    const [begin = 0, end = 0, process = 0, , result = 0, handle = 0, number = 0, firstSize = 0, secondSize = 0] =
      fields.map(Number);
    const start = lineEnd + 1;
    const middle = start + firstSize;
    const stop = middle + secondSize;
    if (lineEnd === -1 || fields.length !== headerFields || bytes[stop] !== newline) throw cutAt(at);
    const name = fields[3] ?? '';
    const [first, second] = [new Uint8Array(bytes.subarray(start, middle)), new Uint8Array(bytes.subarray(middle, stop))];
    operations.push({ begin, end, process, name, result, handle, number, first, second });
    at = stop + 1;
  }
}

function cutAt(byte: number): RecordingError {
  return new RecordingError(`the record of the file system is cut at byte ${byte}, so something ended it early; record again`);
}
