/**
 * Records what a process does in a file: one record before each message is handled, and one before each effect is executed. After a kill the page cache keeps the
 * file, so everything that the process has begun is recorded. Times are those of the machine's monotonic clock, so that records of several processes can be ordered.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { Decoder, Encoder, refuseHostile } from '../../core/cbor.ts';
import { framed } from '../wire/framing.ts';
import type { Happening } from './real-node.ts';

export type Recorded =
  | Happening
  /** A process began: its life, and the salt that was drawn for it. */
  | { readonly type: 'boot'; readonly life: number; readonly salt: number }
  | { readonly type: 'stopped'; readonly reason: string; readonly code: string | undefined }
  /** It ended itself at a crash point, in the middle of an effect or between two. */
  | { readonly type: 'dies'; readonly at: string }
  /** It was asked to end, and did. */
  | { readonly type: 'ended' };

/** `time`: microseconds. */
export type TimedRecord = Recorded & { readonly time: number };

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
const decoder = new Decoder({ useRecords: false, tagUint8Array: false });

export class EventFile<Written extends object = Recorded> {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a');
  }

  write(record: Written, time: number = microseconds()): void {
    const frame = framed(new Uint8Array(encoder.encode({ ...record, time })));
    writeSync(this.#descriptor, frame);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Reads a file of records while it is written: each time, the whole records that have come since. */
export class EventReader<Read extends object = TimedRecord> {
  readonly #path: string;
  #offset = 0;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(path: string) {
    this.#path = path;
  }

  next(): readonly Read[] {
    const bytes = this.#newBytes();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const records: Read[] = [];
    let at = 0;
    while (at + 4 <= bytes.length) {
      const end = at + 4 + view.getUint32(at);
      if (end > bytes.length) break;
      const record = bytes.slice(at + 4, end);
      refuseHostile(record);
      records.push(decoder.decode(record) as Read);
      at = end;
    }
    this.#rest = bytes.slice(at);
    return records;
  }

  #newBytes(): Uint8Array {
    if (!existsSync(this.#path)) return this.#rest;
    const descriptor = openSync(this.#path, 'r');
    try {
      const size = Math.max(0, fstatSync(descriptor).size - this.#offset);
      const bytes = new Uint8Array(this.#rest.length + size);
      bytes.set(this.#rest);
      const read = readSync(descriptor, bytes, this.#rest.length, size, this.#offset);
      this.#offset += read;
      return bytes.subarray(0, this.#rest.length + read);
    } finally {
      closeSync(descriptor);
    }
  }
}
