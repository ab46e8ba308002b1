/**
 * Reads the frames of a file one after another in bounded memory, and searches for whole frames after bad bytes.
 */
import { crc32 } from './crc32.ts';
import { type FrameKind, frameHeaderBytes, frameKindOf, marker, maxPayloadBytes, uint32At, uint64At } from './format.ts';

/** Bytes that can be read in pieces: a file, or a part of memory. A read at the end returns fewer bytes. */
export interface ByteSource {
  readonly length: number;
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory as a source that recovery reads. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** A frame in a file. `offset` and `length` are those of its payload, in bytes. */
export interface FrameRef {
  /** Undefined if this version does not know the kind or the flags. */
  readonly kind: FrameKind | undefined;
  readonly sequence: number;
  readonly synced: number;
  readonly offset: number;
  readonly length: number;
}

const windowBytes = 256 * 1024;

/** A window that moves over a source, so that not every byte needs a read. */
export class Window {
  readonly #source: ByteSource;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Set by `hold`: the held bytes begin here within `bytes`. */
  at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get length(): number {
    return this.#source.length;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Reads [offset, offset + length) into the window. False if the source ends before. */
  hold(offset: number, length: number): boolean {
    if (offset + length > this.#source.length) return false;
    if (offset < this.#start || offset + length > this.#start + this.#bytes.length) {
      this.#bytes = this.#source.read(offset, Math.max(length, Math.min(windowBytes, this.#source.length - offset)));
      this.#start = offset;
      if (this.#bytes.length < length) return false;
    }
    this.at = offset - this.#start;
    return true;
  }
}

/** The whole frame whose header is at `offset`: its marker and both checksums are right. Undefined if there is none. */
export function frameAt(window: Window, offset: number, seed: number): FrameRef | undefined {
  if (!hasHeaderAt(window, offset, seed)) return undefined;
  let { bytes, at } = window;
  const length = uint32At(bytes, at);
  if (length > maxPayloadBytes || !window.hold(offset, frameHeaderBytes + length)) return undefined;
  ({ bytes, at } = window);
  const start = at + frameHeaderBytes;
  if (uint32At(bytes, at + 24) !== crc32(bytes, start, start + length)) return undefined;
  return {
    kind: bytes[at + 5] === 0 ? frameKindOf(bytes[at + 4] as number) : undefined,
    sequence: uint64At(bytes, at + 8),
    synced: uint64At(bytes, at + 16),
    offset: offset + frameHeaderBytes,
    length,
  };
}

/** Whether marker and checksum of a frame header hold; the window holds it then. */
function hasHeaderAt(window: Window, offset: number, seed: number): boolean {
  if (!window.hold(offset, frameHeaderBytes)) return false;
  const { bytes, at } = window;
  if (bytes[at + 6] !== marker >>> 8 || bytes[at + 7] !== (marker & 255)) return false;
  return uint32At(bytes, at + 28) === crc32(bytes, at, at + 28, seed);
}

/**
 * The first whole frame at or after `from` for which `counts` is true, at any offset with a marker. The total length of the payloads that are checked is
 * limited to eight times the rest of the file. Above the limit the result is as if a frame were found, so that the file is not cut. Markers without a right header do
 * not count for the limit, because any payload may contain them.
 */
export function findFrame(
  window: Window,
  from: number,
  seed: number,
  counts: (frame: FrameRef) => boolean,
): FrameRef | 'too many' | undefined {
  let budget = 8 * (window.length - from);
  for (let offset = nextMarker(window, from); offset < window.length; ) {
    if (!hasHeaderAt(window, offset, seed)) {
      offset = nextMarker(window, offset + 1);
      continue;
    }
    budget -= Math.min(uint32At(window.bytes, window.at), window.length - offset);
    const frame = frameAt(window, offset, seed);
    if (frame !== undefined && counts(frame)) return frame;
    if (budget < 0) return 'too many';
    offset = nextMarker(window, frame === undefined ? offset + 1 : frame.offset + frame.length);
  }
  return undefined;
}

/** The next place at or after `from` with a marker where a header has it, held by the window; the end of the file where there is none. */
function nextMarker(window: Window, from: number): number {
  let offset = from;
  while (window.hold(offset, frameHeaderBytes)) {
    const { bytes, at } = window;
    const last = bytes.length - frameHeaderBytes;
    for (let place = at; place <= last; place += 1) {
      if (bytes[place + 6] !== marker >>> 8 || bytes[place + 7] !== (marker & 255)) continue;
      offset += place - at;
      window.hold(offset, frameHeaderBytes);
      return offset;
    }
    offset += last - at + 1;
  }
  return window.length;
}
