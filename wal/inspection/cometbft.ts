/**
 * CometBFT's log: its records up to the first problem, and what the problem is. A log in another encoding, such as that of Tendermint before
 * 0.34, has the same frames: it is foreign, and its records are
 * listed, but not decoded.
 */
import { CometbftFormat, maxRecordBytes, recordHeaderBytes } from './cometbft-format.ts';
import { cometPayload } from './cometbft-payload.ts';
import { hex32, type InspectedEntry, type Inspection } from './inspected.ts';
import { ProtobufError } from './protobuf.ts';
import { oldKindOf } from './tendermint-payload.ts';

export function inspectCometbft(bytes: Uint8Array): Inspection {
  const format = new CometbftFormat(bytes);
  const { entries, stop } = recordsOf(format, currentRecord);
  const inspected = (verdict: Inspection['verdict']): Inspection => ({ ...emptyInspection(bytes), entries, verdict });
  if (stop === undefined)
    return inspected({ status: 'clean', offset: null, reason: 'every byte belongs to a whole record that decodes' });
  const { offset, problem, reason } = stop;
  const encoding = otherEncoding(format);
  if (encoding !== undefined) return inspectOther(format, encoding);
  const next = format.nextWhole(offset + 1);
  // Without a magic only a record whose checksum holds, anywhere, proves that this is such a log.
  if (offset === 0 && problem === 'corrupt' && next === undefined)
    return inspected({ status: 'foreign', offset, reason: `no record holds: ${reason}` });
  if (problem === 'torn' && next !== undefined) return inspected({ status: 'corrupt', offset, reason: hitLength(reason, next) });
  return inspected({ status: problem, offset, reason });
}

/** Whether the first record has a payload and a right checksum, in any encoding. */
export function beginsWithRecord(bytes: Uint8Array): boolean {
  const format = new CometbftFormat(bytes);
  return (format.frameBytes(0) ?? 0) > recordHeaderBytes && format.holds(0);
}

/** A record that seems to end after the end of the file is no torn tail where whole records follow: its length was hit. */
function hitLength(reason: string, next: number): string {
  return `${reason}, and yet a whole record follows at byte ${next}`;
}

function emptyInspection(bytes: Uint8Array) {
  return { engine: 'cometbft', version: null, header: null, size: bytes.length } as const;
}

type Decoded = Pick<InspectedEntry, 'kind' | 'decoded' | 'time'>;

interface Stop {
  readonly offset: number;
  readonly problem: 'torn' | 'corrupt';
  readonly reason: string;
}

/** The records before the first that is not whole or that `decode` refuses; it throws `ProtobufError` with the reason. */
function recordsOf(
  format: CometbftFormat,
  decode: (payload: Uint8Array) => Decoded,
): { readonly entries: readonly InspectedEntry[]; readonly stop: Stop | undefined } {
  const entries: InspectedEntry[] = [];
  const { length } = format.bytes;
  for (let offset = 0; offset < length; ) {
    const fault = frameFault(format, offset);
    if (fault !== undefined) return { entries, stop: { offset, ...fault } };
    const payload = format.payload(offset);
    const bytes = recordHeaderBytes + payload.length;
    try {
      const place = { index: entries.length, offset, bytes, payloadBytes: payload.length, crc32c: hex32(format.crc(offset)) };
      entries.push({ ...place, ...decode(payload) });
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error;
      const reason = `its checksum fits, and it is no message: ${error.message}`;
      return { entries, stop: { offset, problem: 'corrupt', reason } };
    }
    offset += bytes;
  }
  return { entries, stop: undefined };
}

/** Why no record of which the checksum holds begins here; undefined: one does. */
function frameFault(format: CometbftFormat, offset: number): Omit<Stop, 'offset'> | undefined {
  const left = format.bytes.length - offset;
  // A file may grow before its data arrives.
  if (offset >= format.zeroTail) return { problem: 'torn', reason: `${left} zeros up to the end` };
  if (left < recordHeaderBytes)
    return { problem: 'torn', reason: `${left} bytes are left, the header of a record has ${recordHeaderBytes}` };
  const length = format.payloadBytes(offset);
  if (length > maxRecordBytes)
    return { problem: 'corrupt', reason: `its length is ${length}, above the limit of ${maxRecordBytes}` };
  if (format.frameBytes(offset) === undefined) return { problem: 'torn', reason: 'it would end after the end of the file' };
  return format.holds(offset) ? undefined : { problem: 'corrupt', reason: 'its checksum does not fit' };
}

function currentRecord(payload: Uint8Array): Decoded {
  return cometPayload(payload);
}

/** A record of an encoding that is not decoded here: its checksum is all that is asked. */
function rawRecord(payload: Uint8Array): Decoded {
  if (payload.length === 0) throw new ProtobufError('it has no bytes');
  return { kind: oldKindOf(payload) ?? 'unknown', decoded: null };
}

/** The encoding of the records, if the first whole ones are of another one than CometBFT's. */
function otherEncoding(format: CometbftFormat): string | undefined {
  let isAny = false;
  for (let offset = format.nextWhole(0); offset !== undefined; ) {
    if (oldKindOf(format.payload(offset)) !== undefined) return 'Tendermint before 0.34 (amino)';
    if (format.refusal(offset) === undefined) return undefined;
    isAny = true;
    offset = format.nextWhole(offset + (format.frameBytes(offset) ?? 1));
  }
  return isAny ? 'unknown' : undefined;
}

function inspectOther(format: CometbftFormat, encoding: string): Inspection {
  const { entries, stop } = recordsOf(format, rawRecord);
  const what =
    encoding === 'unknown'
      ? 'the checksums of its records hold, and their encoding is not known here'
      : `its records are in the encoding of ${encoding}, which is another version`;
  return {
    ...emptyInspection(format.bytes),
    header: { encoding },
    entries,
    verdict: { status: 'foreign', offset: stop?.offset ?? null, reason: `${what}; ${endWords(format, stop)}` },
  };
}

function endWords(format: CometbftFormat, stop: Stop | undefined): string {
  if (stop === undefined) return 'every record is whole';
  const next = stop.problem === 'torn' ? format.nextWhole(stop.offset + 1) : undefined;
  const problem = next === undefined ? stop.problem : 'corrupt';
  return `${problem} at byte ${stop.offset}: ${next === undefined ? stop.reason : hitLength(stop.reason, next)}`;
}
