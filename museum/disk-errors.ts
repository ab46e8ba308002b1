/** Broken nodes that ignore errors of the disk, or that try a failed fsync again. */
import type { DiskAnswer } from '../core/effects.ts';
import type { Exhibit } from './exhibit.ts';
import { withAnswers, wrapActor } from './wrap.ts';

function forgiven({ error: _ignored, ...answer }: DiskAnswer): DiskAnswer {
  return answer;
}

export const fsyncErrorIgnored: Exhibit = {
  name: 'fsync-error-ignored',
  bug: 'A flush that fails is reported as an error line, and the node goes on to publish.',
  source: 'Malachite, code/crates/engine/src/consensus.rs:1119, wal_flush: the error is logged and the step goes on (4e8bb7d)',
  rule: 'a failed fsync stops the node',
  expected: ['write-ahead'],
  spec: (spec) => withAnswers(spec, 'wal', (answer) => (answer.site === 'wal.flush' ? forgiven(answer) : answer)),
};

export const appendErrorIgnored: Exhibit = {
  name: 'append-error-ignored',
  bug: 'An append that fails is reported as an error line, and the node goes on to publish.',
  source: 'Malachite, code/crates/engine/src/consensus.rs:1097, wal_append: the error is logged and the step goes on (4e8bb7d)',
  rule: 'a failed write stops the node',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(
      spec,
      'consensus',
      (receive) => (state, message, from) =>
        message.type === 'disk.answer' ? { state, effects: [] } : receive(state, message, from),
    ),
};

export const fsyncRetried: Exhibit = {
  name: 'fsync-retried',
  bug: 'A failed fsync is tried again on the same file; the second one says yes, because the pages count as clean.',
  source:
    'PostgreSQL, data_sync_retry (2018): off, because a second fsync may succeed though the data is lost; Rebello et al., ATC 2020',
  rule: 'no fsync is tried again on the same descriptor',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'wal', (receive) => (state, message, from) => {
      const answer = message as DiskAnswer;
      if (message.type !== 'disk.answer' || answer.error === undefined || answer.site !== 'wal.flush')
        return receive(state, message, from);
      return { state, effects: [{ type: 'disk', site: answer.site, operation: answer.operation, tag: answer.tag }] };
    }),
};
