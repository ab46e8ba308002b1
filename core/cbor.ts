/**
 * CBOR decoding for bytes from disks and peers, without native code. Five hostile bytes may ask for an array of a hundred million items. So bytes are
 * checked before they are decoded: they must be one whole value that needs memory in proportion to its length.
 */
import { Decoder } from 'cbor-x/decode';
import { Encoder } from 'cbor-x/encode';

export { Decoder, Encoder };

/** The most levels of nested lists and maps, and whether tags (dates, sets and the like) are allowed. Our own data has less than ten levels and no tags. */
interface Bounds {
  readonly depthMax: number;
  readonly hasTags: boolean;
}

const ofLogs: Bounds = { depthMax: 64, hasTags: true };

/** Throws `RangeError` unless the bytes are one whole value (RFC 8949) that is not nested too deeply and gives all its lengths. */
export function refuseHostile(bytes: Uint8Array, { depthMax, hasTags }: Bounds = ofLogs): void {
  const open: number[] = [];
  let at = 0;
  let left = 1;
  while (left > 0) {
    left -= 1;
    const first = bytes[at];
    if (first === undefined) throw new RangeError(`CBOR: the bytes end at ${at}, within a value`);
    const major = first >> 5;
    const size = argumentBytes(first & 31, at);
    const argument = argumentOf(bytes, at, first & 31, size);
    at += 1 + size;
    if (major === 2 || major === 3) at += argument;
    if (major === 6 && !hasTags) throw new RangeError('CBOR: a tag, where none is expected');
    const items = major === 4 ? argument : major === 5 ? 2 * argument : major === 6 ? 1 : 0;
    // Each item takes at least one byte.
    if (at + items > bytes.length) throw new RangeError(`CBOR: a value needs more than the ${bytes.length} bytes that there are`);
    if (items > 0) {
      if (open.length === depthMax) throw new RangeError(`CBOR: more than ${depthMax} values within each other`);
      open.push(left);
      left = items;
    }
    while (left === 0 && open.length > 0) left = open.pop() as number;
  }
  if (at !== bytes.length) throw new RangeError(`CBOR: ${bytes.length - at} bytes after the value`);
}

function argumentBytes(info: number, at: number): number {
  if (info < 24) return 0;
  if (info < 28) return 1 << (info - 24);
  throw new RangeError(`CBOR: a value without a length at byte ${at}`);
}

function argumentOf(bytes: Uint8Array, at: number, info: number, size: number): number {
  if (size === 0) return info;
  let value = 0;
  for (let index = 1; index <= size; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
