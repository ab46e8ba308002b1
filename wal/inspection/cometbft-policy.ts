/**
 * What CometBFT makes of a log (cometbft/cometbft).
 *
 * 1. `consensus/replay.go` `catchupReplay`, `consensus/wal.go` `SearchForEndHeight`: from the newest file back it looks for the end of the
 *    height before, and skips records that do not decode. Only what follows that end is replayed: damage before it is not noticed. Where it
 *    finds no such end it starts without replay. Here the height is the one after the last end that such a search finds.
 * 2. `consensus/state.go` `OnStart`, `repairWalFile`: where a replayed record does not decode, it repairs the head file, once: it keeps the
 *    records up to the first error anywhere in that file, and does not sync the result. If the replay fails again, the node does not start.
 *
 * `keptBytes` are those that the repair leaves, also if the words say that it is not reached: the next torn tail reaches it.
 */
import { CometbftFormat, maxRecordBytes, recordHeaderBytes } from './cometbft-format.ts';
import { cometPayload } from './cometbft-payload.ts';
import { countWhole, type LogFormat } from './log-format.ts';
import type { Asked, PolicyOutcome } from './policy.ts';

export function likeCometbft(asked: Asked): PolicyOutcome {
  const { format, bytes, inspection, end } = asked;
  const head = headOf(asked);
  const isOther = inspection.engine !== 'cometbft' && inspection.verdict.status === 'foreign';
  const repaired = isOther ? 0 : firstError(format, head, bytes.length);
  const keptBytes = inspection.engine === 'cometbft' ? repaired : Math.min(repaired, end ?? bytes.length);
  const outcome = {
    policy: 'cometbft',
    keptBytes,
    keptEntries: countWhole(format, 0, keptBytes),
    lostEntries: isOther ? 0 : countWhole(format, keptBytes, bytes.length),
  } as const;
  if (format instanceof CometbftFormat) return { ...outcome, ...startOf(asked, format, keptBytes) };
  const isWhole = keptBytes === bytes.length;
  return { ...outcome, goesOn: true, words: isWhole ? wholeWords : keptBytes === 0 ? 'repaired to nothing' : repairedWords };
}

const wholeWords = 'all of it is read';
const repairedWords = 'repaired: everything up to the first error, and not synced';

/** The offset, from `from` on, of the first entry that is not whole or has an unknown form; `size` if all entries are good. */
function firstError(format: LogFormat, from: number, size: number): number {
  let offset = Math.min(from, size);
  while (offset < size) {
    const bytes = format.frameBytes(offset);
    if (bytes === undefined || !format.holds(offset) || format.refusal(offset) !== undefined) return offset;
    offset += bytes;
  }
  return size;
}

/** Where the file begins that is written to, and that alone is repaired. */
function headOf({ files, format }: Asked): number {
  return files.at(-1)?.start || format.first;
}

function startOf(asked: Asked, format: CometbftFormat, keptBytes: number): Pick<PolicyOutcome, 'goesOn' | 'words'> {
  const { bytes, files, gap } = asked;
  const notes = gap === undefined ? '' : `; ${gap}, and its reader creates an empty file there`;
  const goesOn = (words: string) => ({ goesOn: true, words: `${words}${notes}` });
  if (firstError(format, 0, bytes.length) === bytes.length) return goesOn(wholeWords);
  const replay = replayOf(format, files);
  const kept = keptBytes === 0 ? 'nothing' : 'what is before the first error';
  const left = keptBytes === bytes.length ? 'the head file has no error' : `a repair would keep ${kept}`;
  if (replay === undefined) return goesOn(`finds no end of a height, and starts without replay; ${left}`);
  if (replay.error === undefined)
    return goesOn(`not noticed: only what follows the end of height ${replay.height} is replayed; ${left}`);
  if (files.length === 1) return goesOn(repairedWords);
  const again = replayOf(new CometbftFormat(bytes.subarray(0, keptBytes)), files);
  if (again?.error === undefined) return goesOn('the head file is repaired: everything up to its first error, and not synced');
  const words = `only the head file is repaired, and the error in ${fileAt(files, again.error)} stays: the node does not start`;
  return { goesOn: false, words: `${words}${notes}` };
}

function fileAt(files: Asked['files'], offset: number): string {
  return files.findLast(({ start }) => start <= offset)?.name ?? 'the file';
}

interface Replay {
  /** The last finished height. */
  readonly height: string;
  /** Offset of the first replayed record that does not decode. */
  readonly error: number | undefined;
}

/** Undefined: no end of a height is found. */
function replayOf(format: CometbftFormat, files: Asked['files']): Replay | undefined {
  const size = format.bytes.length;
  for (const { start } of [...files].reverse()) {
    const found = lastEnd(format, start, size);
    if (found === undefined) continue;
    const error = firstError(format, found.after, size);
    return { height: found.height, error: error === size ? undefined : error };
  }
  return undefined;
}

/** Reads on after each error as the decoder does: right after the bytes that it has read. */
function lastEnd(
  format: CometbftFormat,
  from: number,
  size: number,
): { readonly height: string; readonly after: number } | undefined {
  let found: { readonly height: string; readonly after: number } | undefined;
  let offset = from;
  while (size - offset >= recordHeaderBytes) {
    const isTooLong = format.payloadBytes(offset) > maxRecordBytes;
    const bytes = isTooLong ? recordHeaderBytes : format.frameBytes(offset);
    if (bytes === undefined) break;
    const height = isTooLong ? undefined : endedHeight(format, offset);
    offset += bytes;
    if (height !== undefined) found = { height, after: offset };
  }
  return found;
}

function endedHeight(format: CometbftFormat, offset: number): string | undefined {
  if (!format.holds(offset) || format.refusal(offset) !== undefined) return undefined;
  const { kind, decoded } = cometPayload(format.payload(offset));
  return kind === 'end_height' ? (decoded as { readonly height: string }).height : undefined;
}
