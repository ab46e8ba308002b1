/** Malachite's log: its entries up to the first problem, and what the problem is. */
import { crc32 } from '../crc32.ts';
import { hex32, type InspectedEntry, type Inspection, type Read } from './inspected.ts';
import { entryHeaderBytes, MalachiteFormat, malachiteHeaderBytes, maxEntryBytes } from './malachite-format.ts';
import { malachitePayload } from './malachite-payload.ts';

export function inspectMalachite(bytes: Uint8Array): Inspection {
  const format = new MalachiteFormat(bytes);
  const base = { engine: 'malachite', version: null, header: null, size: bytes.length, entries: [] } as const;
  if (bytes.length === 0)
    return { ...base, verdict: { status: 'clean', offset: null, reason: 'no bytes: the header was not written yet' } };
  if (!format.isOurs) return { ...base, verdict: { status: 'foreign', offset: 0, reason: foreignWords(format) } };
  if (bytes.length < malachiteHeaderBytes) {
    const reason = `${bytes.length} bytes, the header has ${malachiteHeaderBytes}`;
    return { ...base, verdict: { status: 'torn', offset: 0, reason } };
  }
  const header = { bytes: malachiteHeaderBytes, sequence: format.sequence };
  const entries: InspectedEntry[] = [];
  const inspected = (verdict: Inspection['verdict']): Inspection => ({ ...base, version: 1, header, entries, verdict });
  let offset = malachiteHeaderBytes;
  while (offset < bytes.length) {
    const read = entryAt(format, offset, entries.length);
    if ('problem' in read) return inspected({ ...verdictOf(format, offset, read.problem, read.reason), offset });
    entries.push(read);
    offset += read.bytes;
  }
  return inspected({ status: 'clean', offset: null, reason: 'every byte belongs to a whole entry with a right checksum' });
}

/** An entry may seem to end after the end of the file. If whole entries follow, its length field is damaged, and it is no torn tail. */
function verdictOf(
  format: MalachiteFormat,
  offset: number,
  problem: 'torn' | 'corrupt',
  reason: string,
): { readonly status: 'torn' | 'corrupt'; readonly reason: string } {
  const next = problem === 'torn' ? format.nextWhole(offset + 1) : undefined;
  return next === undefined
    ? { status: problem, reason }
    : { status: 'corrupt', reason: `${reason}, and yet a whole entry follows at byte ${next}` };
}

function foreignWords({ bytes, version, zeroTail }: MalachiteFormat): string {
  if (version === undefined) return `${bytes.length} bytes, and no header begins with them`;
  const zeros = zeroTail === 0 ? ` (${bytes.length} zeros up to the end: perhaps the header never arrived)` : '';
  return `its version is ${version}, not 1${zeros}`;
}

function entryAt(format: MalachiteFormat, offset: number, index: number): Read {
  const left = format.bytes.length - offset;
  // A file may grow before its data arrives, and then ends in zeros.
  if (offset >= format.zeroTail) return { problem: 'torn', reason: `${left} zeros up to the end` };
  if (left < entryHeaderBytes)
    return { problem: 'torn', reason: `${left} bytes are left, the header of an entry has ${entryHeaderBytes}` };
  const length = format.payloadBytes(offset);
  if (length > BigInt(maxEntryBytes)) return { problem: 'corrupt', reason: `its length is ${length}, above the limit of 1 GiB` };
  const bytes = format.frameBytes(offset);
  if (bytes === undefined) return { problem: 'torn', reason: 'it would end after the end of the file' };
  let payload: Uint8Array;
  try {
    payload = format.payload(offset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: 'corrupt', reason: `it cannot be unpacked: ${error.message}` };
  }
  const crc = format.crc(offset);
  if (crc32(payload) !== crc) return { problem: 'corrupt', reason: 'its checksum does not fit' };
  const compressed = format.isCompressed(offset);
  const place = { index, offset, bytes, payloadBytes: bytes - entryHeaderBytes, compressed, crc32: hex32(crc) };
  return { ...place, ...(compressed ? { uncompressedBytes: payload.length } : {}), ...malachitePayload(payload) };
}
