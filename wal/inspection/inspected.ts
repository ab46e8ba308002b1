/** What a look into a log file finds, whatever engine wrote it. Numbers that may be above 2^53 are decimal strings; bytes are hexadecimal. */

export type Engine = 'lazurite' | 'malachite' | 'cometbft';

export type Status = 'clean' | 'torn' | 'corrupt' | 'foreign';

export interface InspectedEntry {
  readonly index: number;
  /** Of the entry's first byte, its own header included. */
  readonly offset: number;
  /** On disk, with its own header. */
  readonly bytes: number;
  readonly payloadBytes: number;
  readonly kind: string;
  readonly decoded: unknown;
  /** Why the payload could not be read; the entry holds nevertheless. */
  readonly decodeError?: string;
  readonly crc32?: string;
  readonly crc32c?: string;
  readonly compressed?: boolean;
  readonly uncompressedBytes?: number;
  /** RFC 3339. */
  readonly time?: string;
  readonly sequence?: string;
  readonly synced?: string;
  /** Of a group: the file that `offset` counts in. */
  readonly file?: string;
}

export interface Inspection {
  readonly engine: Engine;
  readonly version: number | null;
  readonly header: Readonly<Record<string, unknown>> | null;
  /** Bytes. */
  readonly size: number;
  /** Every good entry before the first problem. */
  readonly entries: readonly InspectedEntry[];
  /** `offset`: where the first bad entry begins; null when the file is clean. */
  readonly verdict: InspectionVerdict;
}

export interface InspectionVerdict {
  readonly status: Status;
  readonly offset: number | null;
  readonly reason: string;
  /** Of a group: the file that `offset` counts in. */
  readonly file?: string | null;
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

const zeroTails = new WeakMap<Uint8Array, number>();

/** Whether from here to its end a file holds zeros only. Remembers where they begin: it is asked for every entry. */
export function isZeroFrom(bytes: Uint8Array, offset: number): boolean {
  let tail = zeroTails.get(bytes);
  if (tail === undefined) {
    tail = bytes.length;
    while (tail > 0 && bytes[tail - 1] === 0) tail -= 1;
    zeroTails.set(bytes, tail);
  }
  return offset >= tail;
}

/** One entry, or why there is none at this place. */
export type Read = InspectedEntry | { readonly problem: Exclude<Status, 'clean' | 'foreign'>; readonly reason: string };

/**
 * Whether a frame that holds begins anywhere at or behind `from`. What asks for too much work is answered as if one stood there: a file is
 * never called less than it may be.
 */
export function hasFrameBehind(
  bytes: Uint8Array,
  from: number,
  headerBytes: number,
  frameAt: (offset: number) => number | undefined,
  holds: (offset: number) => boolean,
): boolean {
  let budget = 8 * (bytes.length - from);
  for (let offset = from; offset + headerBytes < bytes.length; offset += 1) {
    const size = frameAt(offset);
    if (size === undefined) continue;
    budget -= size;
    if (budget < 0 || holds(offset)) return true;
  }
  return false;
}
