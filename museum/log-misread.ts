/**
 * Broken nodes that write their log correctly and read it wrongly: not at all, cut at damage, or continued after a torn tail.
 */
import type { Planner } from '../actors/node/index.ts';
import { crc32 } from '../wal/crc32.ts';
import { frameHeaderBytes, frameSeed, segmentHeaderBytes } from '../wal/format.ts';
import {
  type ByteSource,
  fileNamed,
  type JudgedFile,
  judgeFile,
  RecoveryError,
  type ReplayFrame,
  type StartPlan,
  sourceOf,
} from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';
import { withPlanner } from './planner.ts';

export const noWal: Exhibit = {
  name: 'no-wal',
  bug: 'At boot the node knows its stored blocks and nothing of the height it was in: it votes as if for the first time.',
  source:
    'asonnino/hotstuff issue 15: what safety rests on, such as the last voted round, is not stored; a restart begins without it',
  rule: 'replay before anything else',
  expected: ['no-equivocation'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      const honest = plan(contents, salt);
      if (honest.type !== 'log') return honest;
      return { ...honest, replay: { ...honest.replay, frames: [] } };
    }),
};

export const corruptionCutAsTorn: Exhibit = {
  name: 'corruption-cut-as-torn',
  bug: 'Damage in the middle of the log is taken for a torn tail: everything behind it is cut, and the node votes on.',
  source:
    'CometBFT, consensus/state.go:2713, repairWalFile: all behind the first record that does not decode is given up, wherever it stands (5bba72c)',
  rule: 'damage is never cut',
  expected: ['replay-equivalence'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => cutUntilReadable(plan, contents, salt)),
};

export const lifeReused: Exhibit = {
  name: 'life-reused',
  bug: 'A new life goes on in the old file, behind a torn tail: the next recovery stops at the old bad bytes and loses what stands behind.',
  source: 'pmcfadin/cqlite issue 1390: open_existing appends behind a torn tail, and the next recovery ends before it',
  rule: 'each life writes its own file',
  expected: ['replay-equivalence', 'crash-is-pause'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => goOnInOldFile(plan(contents, salt), contents)),
};

function cutUntilReadable(
  plan: Planner,
  contents: ReadonlyMap<string, ByteSource>,
  salt: number,
  isCut: (bytes: Uint8Array, offset: number) => boolean = () => true,
): StartPlan {
  try {
    return plan(contents, salt);
  } catch (error) {
    if (!(error instanceof RecoveryError) || error.code !== 'CORRUPT' || error.place.offset === undefined) throw error;
    const { file, offset } = error.place;
    const source = contents.get(file);
    if (source === undefined || source.length <= offset || !isCut(source.read(0, source.length), offset)) throw error;
    const cut: ByteSource = { length: offset, read: (from, length) => source.read(from, Math.min(length, offset - from)) };
    return cutUntilReadable(plan, new Map(contents).set(file, cut), salt, isCut);
  }
}

function goOnInOldFile(honest: StartPlan, contents: ReadonlyMap<string, ByteSource>): StartPlan {
  if (honest.type !== 'log') return honest;
  const judged = [...contents].flatMap(([file, source]): JudgedFile[] => {
    const named = fileNamed(file);
    if (named?.type !== 'segment' || named.height !== honest.writer.height) return [];
    return [judgeFile(file, named, source)];
  });
  const old = judged.filter(({ finding }) => finding === 'clean' || finding === 'torn').at(-1);
  if (old?.header === undefined) return honest;
  const { file, life, header, lastSequence, endOffset, tailBytes } = old;
  const writer = {
    ...honest.writer,
    file,
    life,
    salt: header.salt,
    sequence: lastSequence,
    synced: lastSequence,
    offset: endOffset + tailBytes,
  };
  const frames = old.frames.flatMap(({ kind, sequence, offset, length }): ReplayFrame[] =>
    kind === undefined || kind === 'opened' ? [] : [{ kind, sequence, offset, length }],
  );
  const steps = honest.steps.filter(({ site }) => !site.startsWith('segment.'));
  return { ...honest, steps, writer, replay: { height: honest.replay.height, file, frames } };
}

export const crcUnchecked: Exhibit = {
  name: 'crc-unchecked',
  bug: 'Frames are read by their lengths; their checksums are written and never compared.',
  source: 'cockroachdb issue 93519: each entry of the Raft log is given a checksum, and no reader compares it',
  rule: 'a frame whose checksum does not hold is damage',
  expected: ['no-exception'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => plan(withRightChecksums(contents), salt)),
};

/** Each segment as it would look if its contents had been written so. */
function withRightChecksums(contents: ReadonlyMap<string, ByteSource>): ReadonlyMap<string, ByteSource> {
  return new Map(
    [...contents].map(([file, source]) => {
      const bytes = source.read(0, source.length).slice();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      if (fileNamed(file)?.type !== 'segment' || bytes.length < segmentHeaderBytes) return [file, source];
      const seed = frameSeed(view.getUint32(36), view.getUint32(12));
      for (let at = segmentHeaderBytes; at + frameHeaderBytes <= bytes.length; ) {
        const end = at + frameHeaderBytes + view.getUint32(at);
        if (end > bytes.length) break;
        view.setUint32(at + 24, crc32(bytes, at + frameHeaderBytes, end));
        view.setUint32(at + 28, crc32(bytes, at, at + 28, seed));
        at = end;
      }
      return [file, sourceOf(bytes)];
    }),
  );
}

export const overLongLengthCuts: Exhibit = {
  name: 'over-long-length-cuts',
  bug: 'A length that does not fit into the file ends the log in silence, wherever it stands.',
  source:
    'Malachite, code/crates/wal/src/log.rs:280, open_with: the scan ends at a length that does not fit, and line 302 cuts there (4e8bb7d)',
  rule: 'damage is never cut',
  expected: ['replay-equivalence'],
  parts: (parts) =>
    withPlanner(
      parts,
      (plan) => (contents, salt) =>
        cutUntilReadable(
          plan,
          contents,
          salt,
          (bytes, at) => at + frameHeaderBytes + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at) > bytes.length,
        ),
    ),
};
