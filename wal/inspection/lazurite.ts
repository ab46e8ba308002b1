/** Our own log, a file at a time, judged by the table of recovery. What the payloads say belongs to the protocol, and is not decoded here. */
import { fileNamed } from '../folder.ts';
import { frameHeaderBytes, frameSeed, maxPayloadBytes, segmentHeaderBytes, uint32At } from '../format.ts';
import { frameAt, sourceOf, Window } from '../frames.ts';
import { judgeFile } from '../judge.ts';
import type { Finding } from '../recovery-table.ts';
import type { Inspection, Status } from './inspected.ts';

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

/** `name`: the file's own, which says height and life. */
export function inspectLazurite(name: string, bytes: Uint8Array): Inspection {
  const named = fileNamed(`wal/${name}`) ?? fileNamed(`blocks/${name}`) ?? namedInside(bytes);
  const { finding, header, frames, endOffset, tailBytes } = judgeFile(name, named, sourceOf(bytes));
  const status = statuses[finding];
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
    verdict: { status, offset: tailBytes === 0 && status === 'clean' ? null : endOffset, reason: reasons[finding] },
  };
}

/** A file under a name of its own is taken at its header's word. */
function namedInside(bytes: Uint8Array): { readonly height: number; readonly life: number } {
  if (bytes.length < segmentHeaderBytes) return { height: 0, life: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { life: view.getUint32(12), height: Number(view.getBigUint64(16)) };
}

/** Bytes of the frame at this place by its length alone; undefined: it does not fit. */
export function frameBytesAt(bytes: Uint8Array, offset: number): number | undefined {
  if (bytes.length - offset < frameHeaderBytes) return undefined;
  const length = frameHeaderBytes + uint32At(bytes, offset);
  return length <= Math.min(frameHeaderBytes + maxPayloadBytes, bytes.length - offset) ? length : undefined;
}

/** Bytes of the frame at this place, if it is whole: both checksums hold, under this file's salt. */
export function wholeFrameAt(bytes: Uint8Array, offset: number): number | undefined {
  if (bytes.length < segmentHeaderBytes) return undefined;
  const frame = frameAt(new Window(sourceOf(bytes)), offset, frameSeed(uint32At(bytes, 36), uint32At(bytes, 12)));
  return frame === undefined ? undefined : frameHeaderBytes + frame.length;
}
