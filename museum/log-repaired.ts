/** Broken nodes that repair, copy or recreate their log in the wrong way. */
import type { Planner } from '../actors/node/index.ts';
import type { RecoveryCode } from '../wal/errors.ts';
import {
  applyOperation,
  type ByteSource,
  expandStep,
  fileNamed,
  initPlan,
  type JudgedFile,
  judgeFile,
  RecoveryError,
  SimulatedDisk,
  type StartPlan,
  sourceOf,
} from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';
import { withPlanner } from './planner.ts';

export const repairUnsynced: Exhibit = {
  name: 'repair-unsynced',
  bug: 'What recovery copies into the new file is not synced before the node goes on.',
  source: 'CometBFT, consensus/state.go:2695, repairWalFile: writes the repaired file and returns without a sync (5bba72c)',
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
  source:
    'tendermint pull request 3246: with a torn tail the replay failed, was logged, and the node started anyway (behind issue 3089)',
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
  source: 'ClickHouse issue 111454: Keeper deletes the backup of its Raft state before it rewrites the state',
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
  source: 'ZooKeeper pull request 2141 (ZOOKEEPER-2332): the server does not start when its newest log file is empty',
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
  source:
    'Kafka pull request 8812 (review): recovery takes for stored what a dead process left in the page cache, serves it, and power loses it',
  rule: 'whatever is read is written anew before it is relied upon',
  expected: ['comes-back'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => goOnInOldStore(plan(contents, salt), contents)),
};

export const storeLeftBehind: Exhibit = {
  name: 'store-left-behind',
  bug: 'The log is two heights ahead of the block store. The decision in between is taken from the log and used, and not stored again.',
  source: 'ZooKeeper pull request 2268 (ZOOKEEPER-4882): committed in memory, not written, and gone on from: a hole in the log',
  rule: 'what the store has lost is stored again from the log',
  expected: ['integrity'],
  parts: (parts) =>
    withPlanner(parts, (plan) => (contents, salt) => {
      const honest = plan(contents, salt);
      if (honest.type !== 'log' || honest.row !== 'behind') return honest;
      const isStoredAgain = ({ site }: { readonly site: string }): boolean => site === 'store.append' || site === 'store.flush';
      return { ...honest, steps: honest.steps.filter((step) => !isStoredAgain(step)) };
    }),
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
  source: 'nats-server pull request 7038: a follower with an empty disk could vote for a leader that lacks what had a quorum',
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
  source:
    'hashicorp/consul pull request 16387 (docs): for a damaged log, remove the data directory and restart; etcd issue 11726: a script that does so',
  rule: 'a node that has lost its log must not vote',
  expected: ['replay-equivalence'],
  parts: (parts) => withPlanner(parts, (plan) => madeAnewWhere('GONE', plan, parts.wal.attest)),
};

export const otherVersionMadeAnew: Exhibit = {
  name: 'other-version-made-anew',
  bug: 'A log that another version has written is thrown away at boot, and a new one is made: after a downgrade the node votes as if for the first time.',
  source:
    'libsql/sqld pull request 447: a log whose version does not fit is reset and generated anew; not so any more since tursodatabase/libsql 1296',
  rule: 'a log of another version is kept, and stops the node',
  expected: ['replay-equivalence'],
  parts: (parts) => withPlanner(parts, (plan) => madeAnewWhere('FOREIGN', plan, parts.wal.attest)),
};

function madeAnewWhere(refused: RecoveryCode, plan: Planner, attest: 'next' | 'strict'): Planner {
  return (contents, salt) => {
    try {
      return plan(contents, salt);
    } catch (error) {
      if (!(error instanceof RecoveryError) || error.code !== refused) throw error;
      return madeAnew(plan, contents, salt, attest);
    }
  };
}

/** Removes all files and runs `init`, as for a new node. */
function madeAnew(plan: Planner, contents: ReadonlyMap<string, ByteSource>, salt: number, attest: 'next' | 'strict'): StartPlan {
  const made = new SimulatedDisk();
  const none: ReadonlyMap<string, ByteSource> = new Map();
  const steps = initPlan(none, { attest, salt });
  for (const step of steps) for (const operation of expandStep(step, none)) applyOperation(made, operation);
  const files = [...made.list('wal').map((name) => `wal/${name}`), ...made.list('blocks').map((name) => `blocks/${name}`)];
  const read = new Map(files.map((file) => [file, sourceOf(made.read(file))]));
  const honest = plan(read, salt);
  const carried = honest.steps.flatMap((step) =>
    [...expandStep(step, read)].map((operation) => ({ site: step.site, operation })),
  );
  const removals = [...contents.keys()].map((file) => ({ site: 'segment.prune', operation: { type: 'remove', file } as const }));
  return { ...honest, steps: [...removals, ...steps, ...carried] };
}
