/**
 * A group of CometBFT's rolled files (cometbft/cometbft `libs/autofile/group.go`): `wal.000`, `wal.001`, ... and the head `wal`, which is the
 * newest. The engine's reader joins them as one stream; where a number is missing it creates an empty file and reads on, in silence.
 *
 * No fault: a lowest number above 0 (old files are removed), and no head (it is created with the next write after a roll).
 */
import { inspectCometbft } from './cometbft.ts';
import type { Inspection, InspectionVerdict } from './inspected.ts';

export interface GroupFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface JoinedGroup {
  readonly bytes: Uint8Array;
  /** In order, the head last, each with its offset in the joined bytes. */
  readonly files: readonly { readonly name: string; readonly start: number }[];
  readonly gap: Gap | undefined;
}

interface Gap {
  /** In the joined bytes: where the first missing file would be. */
  readonly offset: number;
  /** The file after the gap. */
  readonly file: string;
  readonly words: string;
}

/** Joins the files of a group of CometBFT, oldest first, as one log. */
export function joinGroup(files: readonly GroupFile[]): JoinedGroup {
  const ordered = [...files].filter(isRead).sort((a, b) => numberOf(a.name) - numberOf(b.name));
  const joined = new Uint8Array(ordered.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let end = 0;
  const placed = ordered.map(({ name, bytes }) => {
    const start = end;
    joined.set(bytes, start);
    end += bytes.length;
    return { name, start };
  });
  // Without a head the engine creates an empty one.
  const head = ordered.every(({ name }) => indexOf(name) !== undefined) ? [emptyHead(ordered, end)] : [];
  return { bytes: joined, files: [...placed, ...head], gap: gapIn(files, placed, end) };
}

function emptyHead([first]: readonly GroupFile[], start: number): JoinedGroup['files'][number] {
  return { name: indexOf(first?.name ?? '')?.head ?? '', start };
}

/** Entries and verdict name the file in which they begin. */
export function inspectCometbftGroup(files: readonly GroupFile[]): Inspection {
  const group = joinGroup(files);
  const { gap } = group;
  const inspection = inspectCometbft(group.bytes);
  const entries = inspection.entries.filter(({ offset, bytes }) => gap === undefined || offset + bytes <= gap.offset);
  return {
    ...inspection,
    entries: entries.map((entry) => ({ ...entry, ...placeOf(group, entry.offset) })),
    verdict: verdictOf(group, inspection.verdict),
  };
}

function verdictOf(group: JoinedGroup, { status, offset, reason }: InspectionVerdict): InspectionVerdict {
  const { gap } = group;
  if (gap === undefined)
    return offset === null ? { status, offset, reason, file: null } : { status, reason, ...placeOf(group, offset) };
  const ofGap = status === 'foreign' ? status : 'corrupt';
  if (offset !== null && offset < gap.offset)
    return { status: ofGap, reason: `${reason}; and ${gap.words}`, ...placeOf(group, offset) };
  const words = status === 'foreign' ? `${reason}; and ${gap.words}` : gap.words;
  return { status: ofGap, offset: 0, file: gap.file, reason: words };
}

function placeOf({ files }: JoinedGroup, offset: number): { readonly file: string; readonly offset: number } {
  const file = files.findLast(({ start }) => start <= offset);
  return { file: file?.name ?? '', offset: offset - (file?.start ?? 0) };
}

/** Undefined for the head. */
function indexOf(name: string): { readonly head: string; readonly digits: string } | undefined {
  const [, head = '', digits = ''] = /^(.*)\.(\d{3,})$/.exec(name) ?? [];
  return digits === '' ? undefined : { head, digits };
}

/** The head, without a number, is the newest. */
function numberOf(name: string): number {
  return Number(indexOf(name)?.digits ?? Number.POSITIVE_INFINITY);
}

function nameOf(head: string, number: number): string {
  return `${head}.${String(number).padStart(3, '0')}`;
}

/** The engine opens a number under its shortest name of three digits or more; it counts others (`wal.0005`) and never reads them. */
function isRead({ name }: GroupFile): boolean {
  const index = indexOf(name);
  return index === undefined || nameOf(index.head, Number(index.digits)) === name;
}

function gapIn(files: readonly GroupFile[], placed: JoinedGroup['files'], end: number): Gap | undefined {
  const numbered = files.flatMap(({ name }) => indexOf(name) ?? []);
  const head = numbered[0]?.head ?? '';
  const numbers = numbered.map(({ digits }) => Number(digits));
  const there = placed.map(({ name }) => numberOf(name)).filter(Number.isFinite);
  const missing: { readonly from: number; readonly to: number }[] = [];
  let expected = Math.min(...numbers);
  for (const number of [...there, Math.max(...numbers) + 1]) {
    if (number > expected) missing.push({ from: expected, to: number - 1 });
    expected = number + 1;
  }
  const [first] = missing;
  if (first === undefined) return undefined;
  const after = placed.find(({ name }) => numberOf(name) > first.to);
  const names = missing.map(({ from, to }) =>
    from === to ? nameOf(head, from) : `${nameOf(head, from)} to ${nameOf(head, to)}`,
  );
  const isOne = missing.length === 1 && first.from === first.to;
  return { offset: after?.start ?? end, file: after?.name ?? '', words: `${names.join(', ')} ${isOne ? 'is' : 'are'} missing` };
}
