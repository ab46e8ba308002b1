/** A broken node whose disk acknowledges each flush of the log and does not execute it. New files, folders and the block store are synced. */
import type { Exhibit } from './exhibit.ts';

export const noFsync: Exhibit = {
  name: 'no-fsync',
  bug: 'The log is appended and never synced: a vote leaves while its frame is in the page cache only.',
  source: 'nats-server issue 7564: writes are acknowledged at once and synced every two minutes by default',
  rule: 'a flush is an fsync',
  expected: ['write-ahead'],
  spec: (spec) => ({ ...spec, pretendedSyncs: new Set(['wal.flush']) }),
};
