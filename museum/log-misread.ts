/**
 * Logs that are written well and read badly: not at all, cut where they are damaged, or continued behind a torn tail.
 */
import type { NodeParts, Planner } from '../actors/node/index.ts';
import {
  type ByteSource,
  fileNamed,
  type JudgedFile,
  judgeFile,
  RecoveryError,
  type ReplayFrame,
  type StartPlan,
} from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';

export const noWal: Exhibit = {
  name: 'no-wal',
  bug: 'At boot the node knows its stored blocks and nothing of the height it was in: it votes as if for the first time.',
  source: 'any validator restarted on a fresh data folder; the reason why CometBFT keeps a last-sign state',
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
  expected: ['replay-equivalence'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => cutUntilReadable(plan, contents, salt)),
};

export const lifeReused: Exhibit = {
  name: 'life-reused',
  bug: 'A new life goes on in the old file, behind a torn tail: the next recovery stops at the old bad bytes and loses what stands behind.',
  source: 'append-only logs that are reopened without being cut or renewed',
  expected: ['replay-equivalence', 'crash-is-pause'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => goOnInOldFile(plan(contents, salt), contents)),
};

function withPlanner<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
  wrap: (plan: Planner) => Planner,
): NodeParts<Config, State, Input, Said, AppState> {
  return { ...parts, wal: { ...parts.wal, plan: wrap(parts.wal.plan) } };
}

function cutUntilReadable(plan: Planner, contents: ReadonlyMap<string, ByteSource>, salt: number): StartPlan {
  try {
    return plan(contents, salt);
  } catch (error) {
    if (!(error instanceof RecoveryError) || error.code !== 'CORRUPT' || error.place.offset === undefined) throw error;
    const { file, offset } = error.place;
    const source = contents.get(file);
    if (source === undefined || source.length <= offset) throw error;
    const cut: ByteSource = { length: offset, read: (from, length) => source.read(from, Math.min(length, offset - from)) };
    return cutUntilReadable(plan, new Map(contents).set(file, cut), salt);
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
