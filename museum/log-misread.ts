/**
 * Logs that are written well and read badly: not at all, cut where they are damaged, or continued behind a torn tail.
 */
import type { NodeParts, Planner } from '../actors/node/index.ts';
import { crc32 } from '../wal/crc32.ts';
import { frameHeaderBytes, frameSeed, segmentHeaderBytes } from '../wal/format.ts';
import {
  type ByteSource,
  carryOut,
  expandStep,
  fileNamed,
  initPlan,
  type JudgedFile,
  judgeFile,
  RecoveryError,
  type ReplayFrame,
  SimulatedDisk,
  type StartPlan,
  sourceOf,
} from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';

export const noWal: Exhibit = {
  name: 'no-wal',
  bug: 'At boot the node knows its stored blocks and nothing of the height it was in: it votes as if for the first time.',
  source: 'any validator restarted on a fresh data folder; the reason why CometBFT keeps a last-sign state',
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
  source: 'the repair of several engines, which cut a log at its first bad checksum (see Protocol-aware recovery, FAST 2018)',
  rule: 'damage is never cut',
  expected: ['replay-equivalence'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => cutUntilReadable(plan, contents, salt)),
};

export const lifeReused: Exhibit = {
  name: 'life-reused',
  bug: 'A new life goes on in the old file, behind a torn tail: the next recovery stops at the old bad bytes and loses what stands behind.',
  source: 'append-only logs that are reopened without being cut or renewed',
  rule: 'each life writes its own file',
  expected: ['replay-equivalence', 'crash-is-pause'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => goOnInOldFile(plan(contents, salt), contents)),
};

function withPlanner<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
  wrap: (plan: Planner) => Planner,
): NodeParts<Config, State, Input, Said, AppState> {
  return { ...parts, wal: { ...parts.wal, plan: wrap(parts.wal.plan) } };
}

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
  source: 'logs whose reader trusts the file (a checksum that is skipped "for speed")',
  rule: 'a frame whose checksum does not hold is damage',
  expected: ['no-exception'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => plan(withRightChecksums(contents), salt)),
};

/** Each segment as it would look if what stands in it had been written so. */
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
  source: 'Malachite, wal/src/log.rs, open: the log is cut at the first entry that does not fit',
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

export const repairUnsynced: Exhibit = {
  name: 'repair-unsynced',
  bug: 'What recovery copies into the new file is not synced before the node goes on.',
  source: 'CometBFT, state.go, repairWalFile: copies up to the first bad record and never syncs the result',
  rule: 'whatever is read is written anew, durably, before it is relied upon',
  expected: ['write-ahead'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      const honest = plan(contents, salt);
      if (honest.type !== 'log') return honest;
      return {
        ...honest,
        steps: honest.steps.filter(
          (step) => !('operation' in step) || step.operation.type !== 'sync' || step.site !== 'segment.open',
        ),
      };
    }),
};

export const repairStartsAnew: Exhibit = {
  name: 'repair-starts-anew',
  bug: 'A log with a torn tail is repaired, and the node starts without replaying what is left.',
  source: 'a repair that drops the last height and starts without replay',
  rule: 'the frames before a torn tail are kept',
  expected: ['no-equivocation'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      const honest = plan(contents, salt);
      return honest.type === 'log' && honest.tornBytes > 0 ? { ...honest, replay: { ...honest.replay, frames: [] } } : honest;
    }),
};

export const bootRemovesFirst: Exhibit = {
  name: 'boot-removes-first',
  bug: 'Recovery removes the old files, and then writes the new ones from memory.',
  source: 'compaction in place: truncate, then rewrite',
  rule: 'nothing is removed before its successor is born and durable',
  expected: ['comes-back'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      const honest = plan(contents, salt);
      const isRemoval = ({ site }: { readonly site: string }): boolean => site === 'segment.prune';
      return {
        ...honest,
        steps: [...honest.steps.filter(isRemoval), ...honest.steps.filter((step) => !isRemoval(step))],
      } as StartPlan;
    }),
};

export const unbornCalledCorrupt: Exhibit = {
  name: 'unborn-called-corrupt',
  bug: 'A new file in which a birth has died is called corrupt, though the older one lies beside it, whole.',
  source: 'rotations whose recovery expects the newest file to be readable',
  rule: 'an unborn file is no finding: the older life is read',
  expected: ['comes-back'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      for (const [file, source] of contents) {
        const named = fileNamed(file);
        if (named?.type !== 'segment' || judgeFile(file, named, source).finding !== 'unborn') continue;
        throw new RecoveryError('CORRUPT', { file }, 'it holds no whole opened frame', 'Restore it.');
      }
      return plan(contents, salt);
    }),
};

export const storeNotRenewed: Exhibit = {
  name: 'store-not-renewed',
  bug: 'The block store is read and gone on with as it is: its last block may be in the page cache only, and the segment of its height is removed.',
  source: 'LOG.md, the block store: without it s is a page-cache fact; h is pruned; power; block and log are both gone',
  rule: 'whatever is read is written anew before it is relied upon',
  expected: ['comes-back'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => goOnInOldStore(plan(contents, salt), contents)),
};

function goOnInOldStore(honest: StartPlan, contents: ReadonlyMap<string, ByteSource>): StartPlan {
  if (honest.type !== 'log') return honest;
  const judged = [...contents].flatMap(([file, source]): JudgedFile[] => {
    const named = fileNamed(file);
    return named?.type === 'store' ? [judgeFile(file, named, source)] : [];
  });
  const old = judged
    .filter(({ finding }) => finding === 'clean')
    .sort((a, b) => a.life - b.life)
    .at(-1);
  if (old?.header === undefined) return honest;
  const { file, life, header, lastSequence, endOffset } = old;
  const { salt, baseSequence } = header;
  const store = {
    ...honest.store,
    file,
    life,
    salt,
    baseSequence,
    sequence: lastSequence,
    synced: lastSequence,
    offset: endOffset,
  };
  const isStore = (step: (typeof honest.steps)[number]): boolean =>
    step.site.startsWith('store.') ||
    ('operation' in step && step.operation.type === 'remove' && step.operation.file.startsWith('blocks/'));
  return { ...honest, store, steps: honest.steps.filter((step) => !isStore(step)) };
}

export const wipedDiskVotes: Exhibit = {
  name: 'wiped-disk-votes',
  bug: 'A node that finds an empty folder makes itself a new log and votes.',
  source: 'LOG.md, init: without it "first boot" is no durable fact, and a lost log looks like a new node',
  rule: 'a node creates nothing in an empty folder',
  expected: ['no-equivocation'],
  parts: (parts) =>
    withPlanner(
      parts,
      (plan) => (contents, salt) => (contents.size > 0 ? plan(contents, salt) : madeAnew(plan, contents, salt, parts.wal.attest)),
    ),
};

export const goneLogMadeAnew: Exhibit = {
  name: 'gone-log-made-anew',
  bug: 'A node whose segment or block store is missing clears the folder, makes itself a new log and catches up, voting.',
  source: '"delete the data folder and let it sync", the advice in many a validator\'s chat',
  rule: 'a node that has lost its log must not vote',
  expected: ['replay-equivalence'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      try {
        return plan(contents, salt);
      } catch (error) {
        if (!(error instanceof RecoveryError) || error.code !== 'GONE') throw error;
        return madeAnew(plan, contents, salt, parts.wal.attest);
      }
    }),
};

/** What is there is removed, and `init` is run as for a node that has never been. */
function madeAnew(plan: Planner, contents: ReadonlyMap<string, ByteSource>, salt: number, attest: 'next' | 'strict'): StartPlan {
  const made = new SimulatedDisk();
  const none: ReadonlyMap<string, ByteSource> = new Map();
  const steps = initPlan(none, { attest, salt });
  for (const step of steps) for (const operation of expandStep(step, none)) carryOut(made, operation);
  const files = [...made.list('wal').map((name) => `wal/${name}`), ...made.list('blocks').map((name) => `blocks/${name}`)];
  const read = new Map(files.map((file) => [file, sourceOf(made.read(file))]));
  const honest = plan(read, salt);
  const carried = honest.steps.flatMap((step) =>
    [...expandStep(step, read)].map((operation) => ({ site: step.site, operation })),
  );
  const removals = [...contents.keys()].map((file) => ({ site: 'segment.prune', operation: { type: 'remove', file } as const }));
  return { ...honest, steps: [...removals, ...steps, ...carried] };
}
