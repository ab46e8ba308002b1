/** Nodes that leave out one sync, or do one thing before another: each is a rule of the log with that one rule missing. */
import type { DiskEffect, Effect } from '../actors/effects.ts';
import type { Exhibit } from './exhibit.ts';
import { withoutDisk, wrapActor } from './wrap.ts';

const isSync = ({ operation }: DiskEffect): boolean => operation.type === 'sync' || operation.type === 'syncDirectory';

export const resetSyncedOnce: Exhibit = {
  name: 'reset-synced-once',
  bug: 'A new segment is made, written and put in place of the old one with a single sync at the end.',
  source: 'Malachite, wal/src/log.rs, reset: writes its sequence, truncates, and syncs once',
  rule: 'header, name, and opened frame are durable one after another',
  expected: ['comes-back'],
  spec: (spec) => withoutDisk(spec, 'wal', (effect) => effect.site === 'segment.create' && isSync(effect)),
};

export const openedUnsynced: Exhibit = {
  name: 'opened-unsynced',
  bug: 'The old segment is removed while the new one is only in the page cache.',
  source: 'LOG.md, birth of a file: only after the second sync is anything appended, or anything removed',
  rule: 'nothing is removed before its successor is born and durable',
  expected: ['comes-back'],
  spec: (spec) => withoutDisk(spec, 'wal', (effect) => effect.site === 'segment.open' && isSync(effect)),
};

export const namesUnsynced: Exhibit = {
  name: 'names-unsynced',
  bug: 'Files are synced and their directory never is: the name of the new segment is lost, and the old one looks as if nothing had come behind it.',
  source: "LOG.md, a height's end; Pillai et al., 'All file systems are not created equal', OSDI 2014, on directory entries",
  rule: 'a name is durable only after a sync of its directory',
  expected: ['write-ahead'],
  spec: (spec) =>
    withoutDisk(spec, 'wal', ({ site, operation }) => site.startsWith('segment.') && operation.type === 'syncDirectory'),
};

export const storeUnsynced: Exhibit = {
  name: 'store-unsynced',
  bug: 'A block counts as stored when it is written, and the segment of its height is removed.',
  source: 'block stores that leave durability to the next batch',
  rule: 'block stored and synced before its height is pruned',
  expected: ['comes-back'],
  spec: (spec) => withoutDisk(spec, 'host', (effect) => effect.site === 'store.flush'),
};

export const logEmptiedEarly: Exhibit = {
  name: 'prune-before-decision',
  bug: 'The log of a height is emptied once the height is decided, before its block is durable.',
  source: 'Malachite, end_wal_wait: the log is emptied once a sync certificate is verified and before the decision is stored',
  rule: 'block stored and synced before its height is pruned',
  expected: ['comes-back'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const decided = step.effects.find(({ type }) => type === 'host.decide') as
        | (Effect & { readonly type: 'host.decide' })
        | undefined;
      if (decided === undefined) return step;
      const file = (step.state as { readonly writer?: { readonly file: string } }).writer?.file;
      if (file === undefined) return step;
      const gone: readonly Effect[] = [
        { type: 'disk', site: 'segment.prune', operation: { type: 'remove', file }, tag: 0 },
        { type: 'disk', site: 'segment.prune', operation: { type: 'syncDirectory', directory: 'wal' }, tag: 0 },
      ];
      return { ...step, effects: [...gone, ...step.effects] };
    }),
};

export const removesBeforeBirth: Exhibit = {
  name: 'removes-before-birth',
  bug: "At a height's end the old segment is removed first, and then the new one is made.",
  source: 'rotation written as delete, then create',
  rule: 'nothing is removed before its successor is born and durable',
  expected: ['comes-back'],
  spec: (spec) =>
    wrapActor(spec, 'wal', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'advance') return step;
      const { writer } = message as unknown as { readonly writer?: { readonly file: string } };
      if (writer === undefined) return step;
      const removal: Effect = { type: 'disk', site: 'segment.prune', operation: { type: 'remove', file: writer.file }, tag: 0 };
      const sync: Effect = {
        type: 'disk',
        site: 'segment.prune',
        operation: { type: 'syncDirectory', directory: 'wal' },
        tag: 0,
      };
      return { ...step, effects: [removal, sync, ...step.effects] };
    }),
};

export const flushAcknowledgesTooMuch: Exhibit = {
  name: 'flush-acknowledges-too-much',
  bug: 'When a flush ends, everything that was appended meanwhile counts as durable too.',
  source: 'group commit that remembers the newest sequence instead of the one at which the fsync began',
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
  bug: 'The durable witness of a flush is written and not synced.',
  source: "a last-sign state (CometBFT's priv_validator_state.json) written without fsync",
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
  source: 'the gate put around messages and not around decisions',
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
