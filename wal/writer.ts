/**
 * Plans what is written to a log. A writer is a value, a frame is bytes to append, and the creation ("birth") of a file is a list of disk
 * operations. A node, simulated or real, executes them and can die between any two.
 */
import { assert } from '../core/assert.ts';
import { zeroedBuffer } from '../core/buffer-pool.ts';
import { Encoder } from '../core/cbor.ts';
import type { DiskOperation } from '../core/effects.ts';
import { encodeFrame, encodeSegmentHeader, type FrameKind, frameHeaderBytes, frameSeed, segmentHeaderBytes } from './format.ts';
import type { ByteSource, FrameRef } from './frames.ts';

/** The state of one log file: its identity, and where its next frame goes. */
export interface LogWriter {
  readonly file: string;
  /** 0 for the block store. */
  readonly height: number;
  readonly life: number;
  /** A random number of this file. With the life it seeds the checksums of frames, so that frames of other files do not verify. */
  readonly salt: number;
  /** The sequence of the last frame. It continues from file to file. */
  readonly sequence: number;
  /** The sequence of the last frame before this file. */
  readonly baseSequence: number;
  /** The highest sequence known to be durable in this file, or `baseSequence`. */
  readonly synced: number;
  /** Bytes written so far. */
  readonly offset: number;
}

/** One disk operation with its site, or frames to copy from an older file. The site names the crash point. */
export type BootStep =
  | { readonly site: string; readonly operation: DiskOperation }
  | {
      readonly site: string;
      readonly copy: {
        readonly to: string;
        readonly from: string;
        readonly frames: readonly FrameRef[];
        readonly seed: number;
        readonly synced: number;
      };
    };

/** The sites of the operations that create a file: `create` for the empty file, `open` for its first frames. */
export interface BirthSites {
  readonly create: string;
  readonly open: string;
}

export const segmentSites: BirthSites = { create: 'segment.create', open: 'segment.open' };
export const storeSites: BirthSites = { create: 'store.create', open: 'store.open' };

const cbor = new Encoder({ useRecords: false, tagUint8Array: false });

export function segmentFile(height: number, life: number): string {
  return `wal/${height}.${life}.wal`;
}

export function storeFile(life: number): string {
  return `blocks/blocks.${life}.wal`;
}

/**
 * The bytes of the next frame, and the writer after it. Throws `RangeError` for a payload above 16 MiB, and `InvariantError` for a writer that
 * calls a frame durable that it has not written.
 */
export function appendFrame(
  writer: LogWriter,
  kind: FrameKind,
  payload: Uint8Array,
): { readonly writer: LogWriter; readonly bytes: Uint8Array } {
  assert(
    writer.synced <= writer.sequence,
    'SYNCED_ABOVE_SEQUENCE',
    'the writer calls a frame durable that it has not written; take `synced` from an acknowledged flush',
  );
  const sequence = writer.sequence + 1;
  const bytes = encodeFrame(kind, sequence, writer.synced, payload, frameSeed(writer.salt, writer.life));
  const { file, height, life, salt, baseSequence, synced } = writer;
  const offset = writer.offset + bytes.length;
  return { writer: { file, height, life, salt, sequence, baseSequence, synced, offset }, bytes };
}

/** Returns a writer whose next frames attest that everything up to `sequence` is durable. */
export function markSynced(writer: LogWriter, sequence: number): LogWriter {
  if (sequence <= writer.synced) return writer;
  const { file, height, life, salt, baseSequence, offset } = writer;
  const synced = Math.min(sequence, writer.sequence);
  return { file, height, life, salt, sequence: writer.sequence, baseSequence, synced, offset };
}

/** Frames of an earlier life that a new file copies. They keep their sequences. */
export interface Inheritance {
  readonly file: string;
  readonly frames: readonly FrameRef[];
}

export interface BirthParts {
  readonly file: string;
  readonly height: number;
  readonly life: number;
  readonly salt: number;
  readonly baseSequence: number;
  readonly inherited?: Inheritance | undefined;
  readonly sites: BirthSites;
}

/**
 * Plans the creation of a file. First the header is written; the file and its folder are synced. Then the copied frames and a frame `opened` are
 * appended and synced. The writer may append only after that.
 */
export function birth(parts: BirthParts): { readonly writer: LogWriter; readonly steps: readonly BootStep[] } {
  const { file, height, life, salt, baseSequence, inherited, sites } = parts;
  const frames = inherited?.frames ?? [];
  const header = encodeSegmentHeader({ life, height, baseSequence, copied: frames.length, salt });
  const seed = frameSeed(salt, life);
  const sequence = baseSequence + frames.length + 1;
  const payload = new Uint8Array(cbor.encode([1, life, frames.length]));
  const opened = encodeFrame('opened', sequence, baseSequence, payload, seed);
  const copiedBytes = frames.reduce((sum, { length }) => sum + frameHeaderBytes + length, 0);
  const writer: LogWriter = {
    file,
    height,
    life,
    salt,
    sequence,
    baseSequence,
    synced: sequence,
    offset: segmentHeaderBytes + copiedBytes + opened.length,
  };
  const copies: BootStep[] =
    inherited === undefined || frames.length === 0
      ? []
      : [{ site: sites.open, copy: { to: file, from: inherited.file, frames, seed, synced: baseSequence } }];
  const steps: BootStep[] = [
    { site: sites.create, operation: { type: 'create', file } },
    { site: sites.create, operation: { type: 'append', file, bytes: header } },
    { site: sites.create, operation: { type: 'sync', file } },
    { site: sites.create, operation: { type: 'syncDirectory', directory: directoryOf(file) } },
    ...copies,
    { site: sites.open, operation: { type: 'append', file, bytes: opened } },
    { site: sites.open, operation: { type: 'sync', file } },
  ];
  return { writer, steps };
}

/** Plans the creation of the segment of a height. Its frames follow the frame `baseSequence`. */
export function birthPlan(
  height: number,
  life: number,
  baseSequence: number,
  salt: number,
): { readonly writer: LogWriter; readonly steps: readonly BootStep[] } {
  return birth({ file: segmentFile(height, life), height, life, salt, baseSequence, sites: segmentSites });
}

/** Plans the durable removal of a segment, for a height whose block is stored. */
export function prunePlan(file: string): readonly BootStep[] {
  return [
    { site: 'segment.prune', operation: { type: 'remove', file } },
    { site: 'segment.prune', operation: { type: 'syncDirectory', directory: directoryOf(file) } },
  ];
}

const copyBytesMax = 1024 * 1024;

/** Yields the disk operations of a step. Copied frames are appended in pieces of about 1 MiB. */
export function* expandStep(step: BootStep, contents: ReadonlyMap<string, ByteSource>): Generator<DiskOperation> {
  if ('operation' in step) {
    yield step.operation;
    return;
  }
  const { to, from, frames, seed, synced } = step.copy;
  const source = contents.get(from);
  if (source === undefined) throw new Error(`cannot copy frames from ${from}: the file was not read`);
  let pieces: Uint8Array[] = [];
  let length = 0;
  for (const frame of frames) {
    if (frame.kind === undefined) throw new Error(`cannot copy frame ${frame.sequence} of ${from}: its kind is unknown`);
    const bytes = encodeFrame(frame.kind, frame.sequence, synced, source.read(frame.offset, frame.length), seed);
    pieces.push(bytes);
    length += bytes.length;
    if (length < copyBytesMax) continue;
    yield { type: 'append', file: to, bytes: joined(pieces, length) };
    pieces = [];
    length = 0;
  }
  if (length > 0) yield { type: 'append', file: to, bytes: joined(pieces, length) };
}

export function directoryOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = zeroedBuffer(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
