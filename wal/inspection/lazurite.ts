/** Our own log, a file at a time, judged by the table of recovery. What the payloads say belongs to the protocol, and is not decoded here. */
import { fileNamed } from '../folder.ts';
import { frameHeaderBytes, frameSeed, maxPayloadBytes, segmentHeaderBytes, uint32At } from '../format.ts';
import { findFrame, frameAt, sourceOf, Window } from '../frames.ts';
import { judgeFile } from '../judge.ts';
import type { Finding } from '../recovery-table.ts';
import { type Inspection, type Status, zeroTailOf } from './inspected.ts';
import type { LogFormat } from './log-format.ts';

const statuses: Readonly<Record<Finding, Status>> = {
  clean: 'clean',
  torn: 'torn',
  unborn: 'torn',
  corrupt: 'corrupt',
  foreign: 'foreign',
};

const reasons: Readonly<Record<Finding, string>> = {
  clean: 'it ends after a whole frame',
  torn: 'bad bytes, and nothing says that they were durable',
  unborn: 'its birth was not finished: the life before is read',
  corrupt: 'bad bytes that something later says were durable, or that are no frame of ours',
  foreign: 'its version or flags are not known',
};

/** `zeros`: bytes from the first bad one to the end, if all of them are zero (a file may grow before its data arrives); otherwise 0. */
function reasonOf(finding: Finding, zeros: number): string {
  if (zeros === 0) return reasons[finding];
  const words = `${zeros} zeros up to the end`;
  if (finding === 'torn') return words;
  return finding === 'unborn' ? `${words}; ${reasons.unborn}` : `${words}, where a header belongs`;
}

/** `name`: the file's own, which says height and life. */
export function inspectLazurite(name: string, bytes: Uint8Array): Inspection {
  const named = fileNamed(`wal/${name}`) ?? fileNamed(`blocks/${name}`) ?? namedInside(bytes);
  const { finding, header, frames, endOffset, tailBytes } = judgeFile(name, named, sourceOf(bytes));
  const status = statuses[finding];
  const zeros = tailBytes > 0 && zeroTailOf(bytes) <= endOffset ? tailBytes : 0;
  return {
    engine: 'lazurite',
    version: header === undefined ? null : 1,
    header:
      header === undefined
        ? null
        : {
            bytes: segmentHeaderBytes,
            height: String(header.height),
            life: header.life,
            baseSequence: String(header.baseSequence),
            copied: header.copied,
          },
    size: bytes.length,
    entries: frames.map(({ kind, sequence, synced, offset, length }, index) => ({
      index,
      offset: offset - frameHeaderBytes,
      bytes: frameHeaderBytes + length,
      payloadBytes: length,
      kind: kind ?? 'unknown',
      decoded: null,
      sequence: String(sequence),
      synced: String(synced),
    })),
    verdict: { status, offset: tailBytes === 0 && status === 'clean' ? null : endOffset, reason: reasonOf(finding, zeros) },
  };
}

/** A file under a name of its own is taken at its header's word. */
function namedInside(bytes: Uint8Array): { readonly height: number; readonly life: number } {
  if (bytes.length < segmentHeaderBytes) return { height: 0, life: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { life: view.getUint32(12), height: Number(view.getBigUint64(16)) };
}

/** Our frames as the policies of other engines would walk them. */
export class LazuriteFormat implements LogFormat {
  readonly first: number = segmentHeaderBytes;
  readonly openRefusal = undefined;
  readonly #bytes: Uint8Array;
  readonly #window: Window;
  readonly #seed: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#window = new Window(sourceOf(bytes));
    this.#seed = bytes.length < segmentHeaderBytes ? 0 : frameSeed(uint32At(bytes, 36), uint32At(bytes, 12));
  }

  frameBytes(offset: number): number | undefined {
    const left = this.#bytes.length - offset - frameHeaderBytes;
    if (left < 0) return undefined;
    const length = uint32At(this.#bytes, offset);
    return length <= Math.min(maxPayloadBytes, left) ? frameHeaderBytes + length : undefined;
  }

  holds(offset: number): boolean {
    return frameAt(this.#window, offset, this.#seed) !== undefined;
  }

  refusal(offset: number): string | undefined {
    return frameAt(this.#window, offset, this.#seed)?.kind === undefined ? 'its kind is not known' : undefined;
  }

  nextWhole(from: number): number | undefined {
    const frame = findFrame(this.#window, Math.max(from, this.first), this.#seed, () => true);
    return frame === undefined || frame === 'too many' ? undefined : frame.offset - frameHeaderBytes;
  }
}
