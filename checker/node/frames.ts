/**
 * Reads the frames in bytes that a node appends to its log. It follows the layout on disk (docs/formats/wal.md) and shares no code with the writer.
 * Payloads stay bytes: only the protocol's `decode` knows them.
 */

export interface LogFrame {
  readonly kind: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export const frameKind = { start: 2, input: 3, own: 4, decided: 5, block: 6 } as const;
const headerBytes = 32;
/** Before the first frame of a file. */
export const fileHeaderBytes = 48;

/** The last bytes and their frames are kept, because several properties ask about one append in a row. */
let asked: Uint8Array | undefined;
let found: readonly LogFrame[] = [];

/** The frames in these bytes, up to the first bytes that are no whole frame. */
export function logFramesIn(bytes: Uint8Array): readonly LogFrame[] {
  if (bytes !== asked) {
    found = readFrames(bytes);
    asked = bytes;
  }
  return found;
}

function readFrames(bytes: Uint8Array): readonly LogFrame[] {
  const frames: LogFrame[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = 0; start + headerBytes <= bytes.length; ) {
    const end = start + headerBytes + view.getUint32(start);
    if (view.getUint16(start + 6) !== 0x4c5a || end > bytes.length) return frames;
    const sequence = Number(view.getBigUint64(start + 8));
    frames.push({ kind: view.getUint8(start + 4), sequence, payload: bytes.subarray(start + headerBytes, end) });
    start = end;
  }
  return frames;
}
