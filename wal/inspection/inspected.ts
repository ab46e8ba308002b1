/** What the inspection of a log file finds, for every engine. Numbers that may be above 2^53 are decimal strings; bytes are hexadecimal. */

export type Engine = 'lazurite' | 'malachite' | 'cometbft';

export type Status = 'clean' | 'torn' | 'corrupt' | 'foreign';

export interface InspectedEntry {
  readonly index: number;
  /** The place of the entry's first byte, its own header included. */
  readonly offset: number;
  /** On disk, with its own header. */
  readonly bytes: number;
  readonly payloadBytes: number;
  readonly kind: string;
  readonly decoded: unknown;
  /** Why the payload could not be read; the entry's checksum holds nevertheless. */
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

/** Offset from which on a file holds only zeros; its length if it ends with another byte. */
export function zeroTailOf(bytes: Uint8Array): number {
  let offset = bytes.length;
  while (offset > 0 && bytes[offset - 1] === 0) offset -= 1;
  return offset;
}

/** One entry, or why there is none at this offset. */
export type Read = InspectedEntry | { readonly problem: Exclude<Status, 'clean' | 'foreign'>; readonly reason: string };
