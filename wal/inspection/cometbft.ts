/**
 * CometBFT's log (`consensus/wal.go`): records `u32 crc32c | u32 length | data`, without header, version or magic. A group is files that
 * were rolled, `wal.000`, `wal.001`, ... and the head `wal`; its reader joins them as one stream.
 */
import { crc32c } from '../crc32.ts';
import { cometPayload } from './cometbft-payload.ts';
import { hasFrameBehind, hex32, type InspectedEntry, type Inspection, isZeroFrom, type Read } from './inspected.ts';
import { ProtobufError } from './protobuf.ts';

const recordHeader = 8;
const maxLength = 1_048_600;

export function inspectCometbft(bytes: Uint8Array): Inspection {
  const base = { engine: 'cometbft', version: null, header: null, size: bytes.length } as const;
  const entries: InspectedEntry[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const read = recordAt(bytes, offset, entries.length);
    if ('problem' in read) {
      const { problem, reason } = read;
      // Without a magic only a record that holds, anywhere, tells that this is such a log.
      const isForeign = offset === 0 && problem === 'corrupt' && !hasRecordBehind(bytes, 1);
      // What seems to end behind the end of the file is no torn tail where whole records follow: its length was hit.
      const isHit = problem === 'torn' && hasRecordBehind(bytes, offset + 1);
      const status = isForeign ? 'foreign' : isHit ? 'corrupt' : problem;
      return { ...base, entries, verdict: { status, offset, reason: isForeign ? `no record holds: ${reason}` : reason } };
    }
    entries.push(read);
    offset += read.bytes;
  }
  return {
    ...base,
    entries,
    verdict: { status: 'clean', offset: null, reason: 'every byte belongs to a whole record that decodes' },
  };
}

/** Bytes of the record at this place by its length alone; undefined: it does not fit. */
export function cometFrameAt(bytes: Uint8Array, offset: number): number | undefined {
  if (bytes.length - offset < recordHeader) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset + offset).getUint32(4);
  return length <= maxLength && offset + recordHeader + length <= bytes.length ? recordHeader + length : undefined;
}

export function recordAt(bytes: Uint8Array, offset: number, index: number): Read {
  const left = bytes.length - offset;
  if (left < recordHeader)
    return { problem: 'torn', reason: `${left} bytes are left, the header of a record has ${recordHeader}` };
  // A file may grow before its data arrives; eight zeros have a right checksum, that of nothing.
  if (isZeroFrom(bytes, offset)) return { problem: 'torn', reason: `${left} zeros up to the end` };
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, left);
  const crc = view.getUint32(0);
  const payloadBytes = view.getUint32(4);
  if (payloadBytes > maxLength)
    return { problem: 'corrupt', reason: `its length is ${payloadBytes}, above the limit of ${maxLength}` };
  if (left - recordHeader < payloadBytes) return { problem: 'torn', reason: 'it would end behind the end of the file' };
  const data = bytes.subarray(offset + recordHeader, offset + recordHeader + payloadBytes);
  if (crc32c(data) !== crc) return { problem: 'corrupt', reason: 'its checksum does not fit' };
  try {
    const payload = cometPayload(data);
    return { index, offset, bytes: recordHeader + payloadBytes, payloadBytes, crc32c: hex32(crc), ...payload };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    return { problem: 'corrupt', reason: `its checksum fits, and it is no message: ${error.message}` };
  }
}

function hasRecordBehind(bytes: Uint8Array, from: number): boolean {
  const frameAt = (offset: number) => cometFrameAt(bytes, offset);
  return hasFrameBehind(bytes, from, recordHeader, frameAt, (offset) => 'kind' in recordAt(bytes, offset, 0));
}

export interface GroupFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Rolled files as one stream; entries and verdict name the file in which they begin. */
export function inspectCometbftGroup(files: readonly GroupFile[]): Inspection {
  const ordered = [...files].sort((a, b) => rollOf(a.name) - rollOf(b.name));
  const joined = new Uint8Array(ordered.reduce((sum, { bytes }) => sum + bytes.length, 0));
  const starts: number[] = [];
  let end = 0;
  for (const { bytes } of ordered) {
    starts.push(end);
    joined.set(bytes, end);
    end += bytes.length;
  }
  const inspection = inspectCometbft(joined);
  const placeOf = (offset: number): { readonly file: string; readonly offset: number } => {
    const at = starts.findLastIndex((start) => start <= offset);
    return { file: ordered[at]?.name ?? '', offset: offset - (starts[at] ?? 0) };
  };
  const { verdict } = inspection;
  return {
    ...inspection,
    entries: inspection.entries.map((entry) => ({ ...entry, ...placeOf(entry.offset) })),
    verdict: verdict.offset === null ? { ...verdict, file: null } : { ...verdict, ...placeOf(verdict.offset) },
  };
}

/** The head, without a number, is the newest. */
function rollOf(name: string): number {
  const found = /\.(\d+)$/.exec(name);
  return found === null ? Number.MAX_SAFE_INTEGER : Number(found[1]);
}
