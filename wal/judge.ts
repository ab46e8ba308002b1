/**
 * Reads one file in bounded memory: finds its frames, where its valid part ends and why, and the row of the recovery table that applies.
 */
import {
  type FrameKind,
  frameSeed,
  type HeaderReading,
  readSegmentHeader,
  type SegmentHeader,
  segmentHeaderBytes,
} from './format.ts';
import { type ByteSource, type FrameRef, findFrame, frameAt, Window } from './frames.ts';
import { type FileConditions, type Finding, fileTable, rowOf } from './recovery-table.ts';

export interface JudgedFile {
  readonly file: string;
  readonly height: number;
  readonly life: number;
  readonly finding: Finding;
  readonly conditions: FileConditions;
  readonly header: SegmentHeader | undefined;
  readonly reading: HeaderReading;
  /** The whole frames of the valid part, in order, including copied frames and `opened`. */
  readonly frames: readonly FrameRef[];
  /** The sequence of the last whole frame; without frames, the sequence before the first. */
  readonly lastSequence: number;
  /** The offset of the end of the file, or of the first bad bytes. */
  readonly endOffset: number;
  /** Bytes after the last whole frame. */
  readonly tailBytes: number;
}

export interface JudgeOptions {
  /** Whether a payload can be decoded. If it returns false or throws, the frame counts as damaged. */
  readonly understands?: (kind: FrameKind, payload: Uint8Array) => boolean;
  /** The last sequence of this file that the attest file names as durable. */
  readonly attested?: { readonly sequence: number };
}

/** Reads a file of the log or of the block store: its header, its frames, and the finding that recovery uses. */
export function judgeFile(
  file: string,
  name: { readonly height: number; readonly life: number },
  source: ByteSource,
  options: JudgeOptions = {},
): JudgedFile {
  const { height, life } = name;
  const reading = readSegmentHeader(source.read(0, segmentHeaderBytes), height, life);
  const header = reading.type === 'right' ? reading.header : undefined;
  const isShort = source.length <= segmentHeaderBytes;
  const isNamed = options.attested !== undefined;
  if (header === undefined) {
    const conditions: FileConditions = {
      header: reading.type === 'foreign' ? 'foreign' : 'wrong',
      isShort,
      opened: 'broken',
      isNamed,
      end: 'bad bytes',
      isBeforeAttested: false,
    };
    const { finding } = rowOf(fileTable, conditions);
    return {
      file,
      height,
      life,
      reading,
      header,
      finding,
      conditions,
      frames: [],
      lastSequence: 0,
      endOffset: 0,
      tailBytes: source.length,
    };
  }
  const scan = scanFrames(source, header, options.understands);
  const openedAt = header.baseSequence + header.copied + 1;
  const last = header.baseSequence + scan.frames.length;
  const isOpened = last >= openedAt && scan.frames[header.copied]?.kind === 'opened';
  const attested = options.attested?.sequence ?? 0;
  const conditions: FileConditions = {
    header: 'right',
    isShort,
    opened: isOpened ? 'whole' : hasFrameBehind(scan, openedAt) ? 'broken, frames behind' : 'broken',
    isNamed,
    end: endOf(scan, last, attested),
    isBeforeAttested: last < attested,
  };
  const { finding } = rowOf(fileTable, conditions);
  const { frames, endOffset } = scan;
  const tailBytes = source.length - endOffset;
  return { file, height, life, reading, header, finding, conditions, frames, lastSequence: last, endOffset, tailBytes };
}

interface Scan {
  readonly window: Window;
  readonly seed: number;
  readonly frames: readonly FrameRef[];
  readonly endOffset: number;
  readonly isAtEnd: boolean;
  readonly isNotUnderstood: boolean;
}

function scanFrames(source: ByteSource, header: SegmentHeader, understands: JudgeOptions['understands']): Scan {
  const window = new Window(source);
  const seed = frameSeed(header.salt, header.life);
  const frames: FrameRef[] = [];
  let offset = segmentHeaderBytes;
  let sequence = header.baseSequence;
  while (offset < source.length) {
    const frame = frameAt(window, offset, seed);
    if (frame === undefined || frame.sequence !== sequence + 1) break;
    if (!isUnderstood(frame, window, understands))
      return { window, seed, frames, endOffset: offset, isAtEnd: false, isNotUnderstood: true };
    frames.push(frame);
    sequence = frame.sequence;
    offset = frame.offset + frame.length;
  }
  return { window, seed, frames, endOffset: offset, isAtEnd: offset >= source.length, isNotUnderstood: false };
}

function isUnderstood(frame: FrameRef, window: Window, understands: JudgeOptions['understands']): boolean {
  if (frame.kind === undefined) return false;
  if (understands === undefined || frame.kind === 'opened') return true;
  if (!window.hold(frame.offset, frame.length)) return false;
  try {
    return understands(frame.kind, window.bytes.subarray(window.at, window.at + frame.length));
  } catch {
    return false;
  }
}

function hasFrameBehind({ window, seed, endOffset }: Scan, openedAt: number): boolean {
  return findFrame(window, endOffset, seed, ({ sequence }) => sequence > openedAt) !== undefined;
}

/** Says how the file ends. A later frame proves that bad bytes were durable only if its `synced` reaches them. */
function endOf(
  { window, seed, endOffset, isAtEnd, isNotUnderstood }: Scan,
  last: number,
  attested: number,
): FileConditions['end'] {
  if (isNotUnderstood) return 'not understood';
  if (isAtEnd) return 'after a frame';
  const bad = last + 1;
  if (attested >= bad) return 'attested bad bytes';
  const observer = findFrame(
    window,
    endOffset,
    seed,
    ({ sequence, synced }) => sequence > bad && synced < sequence && synced >= bad,
  );
  return observer === undefined ? 'bad bytes' : 'attested bad bytes';
}

/** The whole frames after the valid part of a file, in their order. They are cut off by the damage. */
export function framesAfter({ header, endOffset, frames }: JudgedFile, source: ByteSource): readonly FrameRef[] {
  if (header === undefined) return [];
  const window = new Window(source);
  const seed = frameSeed(header.salt, header.life);
  const last = frames.at(-1)?.sequence ?? header.baseSequence;
  const found: FrameRef[] = [];
  for (let from = endOffset; ; ) {
    const frame = findFrame(window, from, seed, ({ sequence }) => sequence > last);
    if (frame === undefined || frame === 'too many') return found;
    found.push(frame);
    from = frame.offset + frame.length;
  }
}
