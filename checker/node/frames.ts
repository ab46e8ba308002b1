/**
 * Frames as they are appended to a node's log, read by their layout on disk (docs/formats/wal.md). It shares no code with what writes them. Payloads
 * are the protocol's: only its `decode` knows them.
 */

export interface LogFrame {
  readonly kind: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export const frameKind = { start: 2, input: 3, own: 4, decided: 5 } as const;
const headerBytes = 32;

/** Several properties ask about one append, one after another. */
let asked: Uint8Array | undefined;
let found: readonly LogFrame[] = [];

/** The frames of which these bytes consist; none where they do not begin with one. */
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
