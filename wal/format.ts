/**
 * Encodes and decodes the header of a segment and the header of a frame. All integers are big-endian. docs/formats/wal.md describes the bytes.
 *
 * frames.ts finds the frames of a file, and judge.ts says what a broken one means.
 */
import { zeroedBuffer } from '../core/buffer-pool.ts';
import { crc32 } from './crc32.ts';

export const segmentHeaderBytes = 48;
export const frameHeaderBytes = 32;
/** The longest payload, in bytes. Longer lengths are damage, and nothing is allocated for them. */
export const maxPayloadBytes: number = 16 * 1024 * 1024;
export const marker = 0x4c5a;
const magic = Uint8Array.from('LAZUWAL1', (c) => c.charCodeAt(0));
const version = 1;

/** The kinds of frames, with their numbers in the frame header. */
export const frameKinds = { opened: 1, start: 2, input: 3, own: 4, decided: 5, block: 6 } as const;
export type FrameKind = keyof typeof frameKinds;

const kindOfNumber: ReadonlyMap<number, FrameKind> = new Map(
  Object.entries(frameKinds).map(([kind, number]) => [number, kind as FrameKind]),
);

export function frameKindOf(number: number): FrameKind | undefined {
  return kindOfNumber.get(number);
}

export interface SegmentHeader {
  readonly life: number;
  /** 0 for the block store. */
  readonly height: number;
  /** The sequence of the last frame before this segment. */
  readonly baseSequence: number;
  /** The number of frames that were copied from the life before. */
  readonly copied: number;
  /** A random number, fresh for each life. It seeds the checksums of frame headers, and never leaves the node. */
  readonly salt: number;
}

export function encodeSegmentHeader({ life, height, baseSequence, copied, salt }: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(segmentHeaderBytes);
  bytes.set(magic);
  putUint32(bytes, 8, version << 16);
  putUint32(bytes, 12, life);
  putUint64(bytes, 16, height);
  putUint64(bytes, 24, baseSequence);
  putUint32(bytes, 32, copied);
  putUint32(bytes, 36, salt);
  putUint32(bytes, 44, crc32(bytes, 0, 44));
  return bytes;
}

/** `foreign`: the checksum is right, but version or flags are unknown. `wrong`: the bytes are no header. */
export type HeaderReading =
  | { readonly type: 'right'; readonly header: SegmentHeader }
  | { readonly type: 'foreign'; readonly version: number; readonly flags: number }
  | { readonly type: 'wrong' };

/** Reads a segment header. `height` and `life` are those in the file's name; the header must have the same. */
export function readSegmentHeader(bytes: Uint8Array, height: number, life: number): HeaderReading {
  if (bytes.length < segmentHeaderBytes || magic.some((byte, index) => bytes[index] !== byte)) return { type: 'wrong' };
  if (uint32At(bytes, 44) !== crc32(bytes, 0, 44)) return { type: 'wrong' };
  const versionAndFlags = uint32At(bytes, 8);
  const flags = versionAndFlags & 0xffff;
  if (versionAndFlags !== version << 16 || uint32At(bytes, 40) !== 0)
    return { type: 'foreign', version: versionAndFlags >>> 16, flags };
  const header: SegmentHeader = {
    life: uint32At(bytes, 12),
    height: uint64At(bytes, 16),
    baseSequence: uint64At(bytes, 24),
    copied: uint32At(bytes, 32),
    salt: uint32At(bytes, 36),
  };
  return header.life === life && header.height === height ? { type: 'right', header } : { type: 'wrong' };
}

/** A buffer that is reused for each seed. */
const seedBytes = new Uint8Array(8);

/** The seed of the checksums of frame headers. With it, frames of another file or life do not verify. */
export function frameSeed(salt: number, life: number): number {
  putUint32(seedBytes, 0, salt);
  putUint32(seedBytes, 4, life);
  return crc32(seedBytes);
}

/**
 * Encodes a frame: header and payload. `synced` is the highest sequence that the writer knows to be durable in this file. Throws `RangeError` for a frame that could
 * not be read again.
 */
export function encodeFrame(kind: FrameKind, sequence: number, synced: number, payload: Uint8Array, seed: number): Uint8Array {
  const { length } = payload;
  if (length > maxPayloadBytes) throw new RangeError(`a frame holds at most ${maxPayloadBytes} bytes, not ${length}`);
  const number: number | undefined = frameKinds[kind];
  if (number === undefined)
    throw new RangeError(`'${String(kind)}' is no kind of frame; there are ${Object.keys(frameKinds).join(', ')}`);
  const bytes = zeroedBuffer(frameHeaderBytes + length);
  putUint32(bytes, 0, length);
  bytes[4] = number;
  bytes[6] = marker >>> 8;
  bytes[7] = marker & 255;
  putUint64(bytes, 8, sequence);
  putUint64(bytes, 16, synced);
  bytes.set(payload, frameHeaderBytes);
  putUint32(bytes, 24, crc32(bytes, frameHeaderBytes, bytes.length));
  putUint32(bytes, 28, crc32(bytes, 0, 28, seed));
  return bytes;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

/** Sequences and heights are safe integers here; a larger one on disk reads as infinity and matches nothing. */
export function uint64At(bytes: Uint8Array, at: number): number {
  const value = uint32At(bytes, at) * 0x1_0000_0000 + uint32At(bytes, at + 4);
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
}

function putUint64(bytes: Uint8Array, at: number, value: number): void {
  putUint32(bytes, at, Math.floor(value / 0x1_0000_0000));
  putUint32(bytes, at + 4, value);
}
