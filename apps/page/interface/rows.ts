/** The rows of a record that are shown and stepped through. */
import { signal } from '@preact/signals';
import type { PageRecord, Row } from '../record/page-record.ts';
import { lastUpTo } from '../story/facts.ts';

/** `story`: what is said, heard and lost, deaths and returns, flushes. `all`: every row. */
export const detail = signal<'story' | 'all'>('story');

const storied = new WeakMap<PageRecord, readonly number[]>();

/** The rows that a record shows in the present detail, in their order. */
export function shownRows(of: PageRecord): readonly number[] {
  let story = storied.get(of);
  if (story === undefined) {
    story = of.rows.flatMap((one, at) => (isStory(one, of.log === 'file') ? [at] : []));
    storied.set(of, story);
  }
  return detail.value === 'story' ? story : of.rows.map((_, at) => at);
}

function isStory({ kind, words }: Row, hasLog: boolean): boolean {
  if (kind === 'message') return /^(publish|hears|lost)/.test(words);
  if (kind === 'wal') return hasLog && words.startsWith('wal.flush');
  if (kind === 'replay') return !words.startsWith('replay.frame');
  return kind !== 'store' && kind !== 'timer' && kind !== 'other';
}

/** Where a row is, or would be, among those shown. */
export function placeIn(shown: readonly number[], at: number): number {
  return lastUpTo(shown, (row) => row, at - 1) + 1;
}

/** The last row of a record at or before a time: two runs side by side are at one time. */
export function rowAt({ rows }: PageRecord, time: number): number {
  return Math.max(
    0,
    lastUpTo(rows, (one) => one.time, time),
  );
}
