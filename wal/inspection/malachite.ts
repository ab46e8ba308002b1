/**
 * Malachite's log, format version 1 (`code/crates/wal/src/log.rs`): `u32 version | u64 sequence`, then entries `u8 compressed | u64 length |
 * u32 crc | data`. The checksum is that of the uncompressed payload; it covers neither flag nor length, and entries carry no index.
 */
import { crc32 } from '../crc32.ts';
import { hasFrameBehind, hex32, type InspectedEntry, type Inspection, isZeroFrom, type Read } from './inspected.ts';
import { unpackLz4 } from './lz4.ts';
import { malachitePayload } from './malachite-payload.ts';

export const malachiteHeaderBytes = 12;
const entryHeader = 13;
const maxLength = 1024 ** 3;
/** A value of a block is a few megabytes; a small file must not ask for all memory. */
const maxUnpacked = 256 * 1024 ** 2;
const version = 1;

export function inspectMalachite(bytes: Uint8Array): Inspection {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const base = { engine: 'malachite', version: null, header: null, size: bytes.length, entries: [] } as const;
  if (bytes.length === 0)
    return { ...base, verdict: { status: 'clean', offset: null, reason: 'no bytes: the header was not written yet' } };
  if (bytes.length >= 4 && view.getUint32(0) !== version)
    return { ...base, verdict: { status: 'foreign', offset: 0, reason: `its version is ${view.getUint32(0)}, not ${version}` } };
  if (bytes.length < malachiteHeaderBytes)
    return {
      ...base,
      verdict: { status: 'torn', offset: 0, reason: `${bytes.length} bytes, the header has ${malachiteHeaderBytes}` },
    };
  const header = { bytes: malachiteHeaderBytes, sequence: String(view.getBigUint64(4)) };
  const entries: InspectedEntry[] = [];
  let offset = malachiteHeaderBytes;
  while (offset < bytes.length) {
    const read = entryAt(bytes, offset, entries.length);
    if ('problem' in read) {
      // What seems to end behind the end of the file is no torn tail where whole entries follow: its length was hit.
      const status = read.problem === 'torn' && hasEntryBehind(bytes, offset + 1) ? 'corrupt' : read.problem;
      return { ...base, version, header, entries, verdict: { status, offset, reason: read.reason } };
    }
    entries.push(read);
    offset += read.bytes;
  }
  const reason = 'every byte belongs to a whole entry with a right checksum';
  return { ...base, version, header, entries, verdict: { status: 'clean', offset: null, reason } };
}

/** An entry without a payload is thirteen zeros, and proves nothing. */
function hasEntryBehind(bytes: Uint8Array, from: number): boolean {
  return hasFrameBehind(
    bytes,
    from,
    entryHeader,
    (offset) => malachiteFrameAt(bytes, offset),
    (offset) => {
      const read = entryAt(bytes, offset, 0);
      return 'kind' in read && read.payloadBytes > 0;
    },
  );
}

/** Bytes of the entry at this place by its length alone; undefined: it does not fit. */
export function malachiteFrameAt(bytes: Uint8Array, offset: number): number | undefined {
  if (bytes.length - offset < entryHeader) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset + offset).getBigUint64(1);
  return length <= BigInt(Math.min(maxLength, bytes.length - offset - entryHeader)) ? entryHeader + Number(length) : undefined;
}

export function entryAt(bytes: Uint8Array, offset: number, index: number): Read {
  const left = bytes.length - offset;
  if (left < entryHeader) return { problem: 'torn', reason: `${left} bytes are left, the header of an entry has ${entryHeader}` };
  // A file may grow before its data arrives.
  if (isZeroFrom(bytes, offset)) return { problem: 'torn', reason: `${left} zeros up to the end` };
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, left);
  const length = view.getBigUint64(1);
  if (length > BigInt(maxLength)) return { problem: 'corrupt', reason: `its length is ${length}, above the limit of 1 GiB` };
  if (BigInt(left - entryHeader) < length) return { problem: 'torn', reason: 'it would end behind the end of the file' };
  const payloadBytes = Number(length);
  const data = bytes.subarray(offset + entryHeader, offset + entryHeader + payloadBytes);
  const isCompressed = view.getUint8(0) !== 0;
  let payload: Uint8Array;
  try {
    payload = isCompressed ? unpacked(data) : data;
  } catch (error) {
    return { problem: 'corrupt', reason: `it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}` };
  }
  const crc = view.getUint32(9);
  if (crc32(payload) !== crc) return { problem: 'corrupt', reason: 'its checksum does not fit' };
  const place = { index, offset, bytes: entryHeader + payloadBytes, payloadBytes, compressed: isCompressed, crc32: hex32(crc) };
  const size = isCompressed ? { uncompressedBytes: payload.length } : {};
  return { ...place, ...size, ...malachitePayload(payload) };
}

/** `u32 little-endian size`, then one block. */
function unpacked(data: Uint8Array): Uint8Array {
  if (data.length < 4) throw new RangeError('its size is cut');
  const size = new DataView(data.buffer, data.byteOffset, data.length).getUint32(0, true);
  // One byte of an lz4 block gives at most 255.
  if (size > maxUnpacked) throw new RangeError(`${size} bytes are more than ${maxUnpacked}, which no entry needs`);
  if (size > 255 * data.length) throw new RangeError(`${size} bytes cannot come out of ${data.length}`);
  return unpackLz4(data.subarray(4), size);
}
