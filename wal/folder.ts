/**
 * Recognises the log's files in a node's folder by their names, and joins the files of the block store. Files with other names are ignored.
 */
import { RecoveryError } from './errors.ts';
import type { ByteSource, FrameRef } from './frames.ts';
import type { JudgedFile } from './judge.ts';

export interface NamedFile {
  readonly file: string;
  readonly type: 'segment' | 'store' | 'attest' | 'abstain';
  /** 0 for all but segments. */
  readonly height: number;
  readonly life: number;
}

const shapes: readonly (readonly [NamedFile['type'], RegExp])[] = [
  ['segment', /^wal\/(\d{1,15})\.(\d{1,9})\.wal$/],
  ['store', /^blocks\/blocks(\.)(\d{1,9})\.wal$/],
  ['attest', /^wal\/attest(\.)(\d{1,9})$/],
  ['abstain', /^wal\/abstain(\.)(\d{1,9})$/],
];

/** Parses a path within a node's folder. Undefined if it is not one of the log's files. */
export function fileNamed(file: string): NamedFile | undefined {
  for (const [type, shape] of shapes) {
    const found = shape.exec(file);
    if (found !== null) return { file, type, height: Number(found[1]) || 0, life: Number(found[2]) };
  }
  return undefined;
}

/** The log's files in a folder, older lives first. */
export function namedFiles(contents: ReadonlyMap<string, ByteSource>): readonly NamedFile[] {
  const files = [...contents.keys()].map(fileNamed).filter((named) => named !== undefined);
  return files.sort((a, b) => a.height - b.height || a.life - b.life);
}

/** The content of the block store: its valid frames with their files, oldest first. */
export interface StoreChain {
  readonly blocks: readonly { readonly file: string; readonly frame: FrameRef }[];
  /** The newest file whose creation was completed. */
  readonly last: JudgedFile;
  readonly born: readonly JudgedFile[];
}

/**
 * Joins the files of the store. Each counts up to the base sequence of the next, and must reach it; the first has base 0. Throws `RecoveryError` if frames are
 * missing, or if there is no file.
 */
export function storeChain(judged: readonly JudgedFile[]): StoreChain {
  for (const file of judged) refuseDamage(file);
  const born = judged.filter(({ finding }) => finding === 'torn' || finding === 'clean');
  const last = born[born.length - 1];
  if (last === undefined) {
    throw new RecoveryError('GONE', { file: 'blocks/' }, 'no block store was found', goneRemedy);
  }
  if (born[0]?.header?.baseSequence !== 0) {
    throw new RecoveryError('GONE', { file: last.file }, 'the files of earlier lives that it builds on are missing', goneRemedy);
  }
  const blocks: { file: string; frame: FrameRef }[] = [];
  for (const [index, { file, frames, lastSequence, endOffset }] of born.entries()) {
    const next = born[index + 1]?.header?.baseSequence;
    if (next !== undefined && lastSequence < next) {
      const place = { file, offset: endOffset, sequence: lastSequence + 1 };
      throw new RecoveryError('CORRUPT', place, `it ends before frame ${next}, on which the next life builds`, corruptRemedy);
    }
    for (const frame of frames)
      if (frame.kind === 'block' && frame.sequence <= (next ?? frame.sequence)) blocks.push({ file, frame });
  }
  return { blocks, last, born };
}

/** Throws `RecoveryError` if the judged file is damaged or foreign. */
export function refuseDamage({ file, finding, reading, conditions, endOffset, lastSequence }: JudgedFile): void {
  if (finding === 'foreign' && reading.type === 'foreign') {
    const found = `written by another version of the format (version ${reading.version}, flags ${reading.flags}); this one reads version 1`;
    throw new RecoveryError('FOREIGN', { file }, found, 'Open it with the version that wrote it.');
  }
  if (finding !== 'corrupt') return;
  const place = { file, offset: endOffset, sequence: lastSequence + 1 };
  throw new RecoveryError('CORRUPT', place, whatIsWrong(conditions), corruptRemedy);
}

function whatIsWrong({ header, opened, end, isBeforeAttested }: JudgedFile['conditions']): string {
  if (header === 'wrong') return 'the segment header is damaged';
  if (opened !== 'whole') return 'the frames with which the file was opened are damaged';
  if (end === 'not understood') return 'a frame whose checksums hold is not understood';
  if (end === 'attested bad bytes') return 'bytes that were durable are damaged';
  return isBeforeAttested ? 'the file ends before a frame that was durable' : 'the file is damaged';
}

const corruptRemedy =
  'Nothing was cut. A node with this log must not vote: restore the file from the disk it came from, or start with the policy `abstain`.';
const goneRemedy =
  'Nothing was removed. A node that has lost its log must not vote: restore the folder, or start with the policy `abstain`; only a node that never ran may be given a new one (`init`).';

export { corruptRemedy, goneRemedy };
