/** Broken nodes that omit one sync, or do two steps in the wrong order. Each violates one rule of the log. */
import type { DiskAnswer, DiskEffect, DiskOperation, Effect } from '../core/effects.ts';
import type { Exhibit } from './exhibit.ts';
import { withoutDisk, wrapActor } from './wrap.ts';

const isSync = ({ operation }: DiskEffect): boolean => operation.type === 'sync' || operation.type === 'syncDirectory';

export const resetSyncedOnce: Exhibit = {
  name: 'reset-synced-once',
  bug: 'A new segment is made, written and put in place of the old one with a single sync at the end.',
  source: 'Malachite, code/crates/wal/src/log.rs:483, reset: writes the new height, cuts the file, and syncs once (4e8bb7d)',
  rule: 'header, name, and opened frame are durable one after another',
  expected: ['comes-back'],
  spec: (spec) => withoutDisk(spec, 'wal', (effect) => effect.site === 'segment.create' && isSync(effect)),
};

export const openedUnsynced: Exhibit = {
  name: 'opened-unsynced',
  bug: 'The old segment is removed while the new one is only in the page cache.',
  source:
    'hashicorp/raft issue 229 (consul issue 3362): a snapshot put in place without a sync is gone after a crash of the machine',
  rule: 'nothing is removed before its successor is born and durable',
  expected: ['comes-back'],
  spec: (spec) => withoutDisk(spec, 'wal', (effect) => effect.site === 'segment.open' && isSync(effect)),
};

export const namesUnsynced: Exhibit = {
  name: 'names-unsynced',
  bug: 'Files are synced and their directory never is: the name of the new segment is lost, and the old one looks as if nothing had come behind it.',
  source:
    'Kafka pull request 10405 (KAFKA-3968) and ClickHouse issue 116316: a new segment is synced, its directory is not; cf. Pillai et al., OSDI 2014',
  rule: 'a name is durable only after a sync of its directory',
  expected: ['write-ahead'],
  spec: (spec) =>
    withoutDisk(spec, 'wal', ({ site, operation }) => site.startsWith('segment.') && operation.type === 'syncDirectory'),
};

export const folderUnsynced: Exhibit = {
  name: 'folder-unsynced',
  bug: 'The folders of the log are made and filled, and their own names are never made durable: power takes the whole log.',
  source:
    'ClickHouse pull request 112415: the folder of a disk is made with a bare mkdir, and a loss of power takes it with every file that was synced in it',
  rule: 'a folder is durable only after a sync of its parent',
  expected: ['comes-back'],
  init: (steps) =>
    steps.filter((step) => !('operation' in step && step.operation.type === 'syncDirectory' && step.operation.directory === '')),
};

export const storeUnsynced: Exhibit = {
  name: 'store-unsynced',
  bug: 'A block counts as stored when it is written, and the segment of its height is removed.',
  source: 'monax issue 545 (Tendermint): after a power failure the block store was five blocks behind the state',
  rule: 'block stored and synced before its height is pruned',
  expected: ['comes-back'],
  spec: (spec) => withoutDisk(spec, 'host', (effect) => effect.site === 'store.flush'),
};

export const logEmptiedEarly: Exhibit = {
  name: 'prune-before-decision',
  bug: 'The log of a height is emptied once the height is decided, before its block is durable.',
  source:
    'Malachite, code/crates/engine/src/consensus.rs:1150, end_wal_wait: a verified certificate empties the log, and the decision follows (4e8bb7d)',
  rule: 'block stored and synced before its height is pruned',
  expected: ['comes-back'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      // The honest actor knows no answers but those of failed appends.
      if (message.type === 'disk.answer' && (message as unknown as DiskAnswer).site === 'segment.prune')
        return { state, effects: [] };
      const step = receive(state, message, from);
      const decided = step.effects.find(({ type }) => type === 'host.decide') as
        | (Effect & { readonly type: 'host.decide' })
        | undefined;
      if (decided === undefined) return step;
      const file = (step.state as { readonly writer?: { readonly file: string } }).writer?.file;
      if (file === undefined) return step;
      // The file stays, with nothing in it: what comes later at this height is appended as ever.
      const emptied: readonly Effect[] = [
        { type: 'disk', site: 'segment.prune', operation: { type: 'remove', file }, tag: 0 },
        { type: 'disk', site: 'segment.prune', operation: { type: 'create', file }, tag: 0 },
        { type: 'disk', site: 'segment.prune', operation: { type: 'syncDirectory', directory: 'wal' }, tag: 0 },
      ];
      return { ...step, effects: [...emptied, ...step.effects] };
    }),
};

interface Planned {
  readonly site: string;
  readonly operation: DiskOperation;
}

export const removesBeforeBirth: Exhibit = {
  name: 'removes-before-birth',
  bug: "At a height's end the old segment is removed first, and then the new one is made.",
  source:
    'AntelopeIO/spring issue 221: the log is closed and moved away before the next one is open, and there may be no next one',
  rule: 'nothing is removed before its successor is born and durable',
  expected: ['comes-back'],
  spec: (spec) =>
    wrapActor(spec, 'wal', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'advance') return step;
      const { todo, ...rest } = step.state as { readonly todo: readonly Planned[] };
      const issued = step.effects.flatMap((effect) => (effect.type === 'disk' ? [effect] : []));
      const planned: readonly Planned[] = [...issued, ...todo];
      const isRemoval = ({ site }: Planned): boolean => site === 'segment.prune';
      const [first, ...others] = [...planned.filter(isRemoval), ...planned.filter((one) => !isRemoval(one))];
      if (first === undefined) return step;
      return {
        state: { ...rest, todo: others },
        effects: [{ type: 'disk', site: first.site, operation: first.operation, tag: 0 }],
      };
    }),
};

export const flushAcknowledgesTooMuch: Exhibit = {
  name: 'flush-acknowledges-too-much',
  bug: 'When a flush ends, everything that was appended meanwhile counts as durable too.',
  source: 'RocksDB pull request 10560: what was appended while a sync ran was marked as synced with the rest, and never was',
  rule: 'what was appended since a sync was issued is not durable when it is done',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'wal', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const { wanted } = state as { readonly wanted?: { readonly upTo: number } };
      if (wanted === undefined || message.type !== 'disk.answer') return step;
      const effects = step.effects.map((effect): Effect => {
        if (effect.type !== 'tell' || effect.message.type !== 'flushed') return effect;
        return { ...effect, message: { ...effect.message, sequence: wanted.upTo } as typeof effect.message };
      });
      return { ...step, effects };
    }),
};

export const attestUnsynced: Exhibit = {
  name: 'attest-unsynced',
  bug: 'The attest slot of a flush is written and not synced.',
  source:
    'tendermint issue 10108 asks for the sync of the last-sign state; CometBFT, libs/tempfile/tempfile.go:128: its rename is never synced (5bba72c)',
  rule: 'attest: strict is two fsyncs a release',
  expected: ['replay-equivalence'],
  spec: (spec) =>
    withoutDisk(
      spec,
      'wal',
      (effect, state) =>
        effect.site === 'wal.attest' && isSync(effect) && (state as { readonly goal?: unknown }).goal === undefined,
    ),
};

export const decidesBeforeFlush: Exhibit = {
  name: 'decides-before-flush',
  bug: 'A decision goes to the application while the precommits that made it are in the page cache only.',
  source: 'etcd issue 14370: a cluster of one member applied and acknowledged entries that were not in its log on disk yet',
  rule: 'the gate holds decisions too',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const { gate } = step.state as {
        readonly gate: {
          readonly held: readonly {
            readonly output: { readonly type: string; readonly decision?: unknown; readonly height?: number };
          }[];
        };
      };
      const early = gate.held.filter(({ output }) => output.type === 'decide');
      if (early.length === 0) return step;
      const decides = early.map(
        ({ output }): Effect => ({ type: 'host.decide', decision: output.decision, height: output.height ?? 0 }),
      );
      const held = gate.held.filter(({ output }) => output.type !== 'decide');
      return { state: { ...(step.state as object), gate: { ...gate, held } }, effects: [...step.effects, ...decides] };
    }),
};
