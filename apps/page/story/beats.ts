/** The moments of a run that make its story, if no lesson names them: what is first said, deaths, returns, what was broken. */
import type { PageRecord } from '../record/page-record.ts';
import { promisesOf } from './facts.ts';

export interface Beat {
  readonly row: number;
  readonly node: number;
}

const most = 12;
const known = new WeakMap<PageRecord, readonly Beat[]>();

export function beatsOf(record: PageRecord): readonly Beat[] {
  let beats = known.get(record);
  if (beats === undefined) {
    beats = find(record);
    known.set(record, beats);
  }
  return beats;
}

/** The beat at which the page opens: the first violation. Without one, the first death; without a death, the first beat. */
export function openingBeat(record: PageRecord): number {
  const beats = beatsOf(record);
  const broken = brokenRow(record);
  const at = (row: number): number => beats.findIndex((beat) => beat.row === row);
  if (broken !== -1 && at(broken) !== -1) return at(broken);
  return Math.max(
    0,
    beats.findIndex(({ row }) => /death|stopped/.test(record.rows[row]?.kind ?? '')),
  );
}

/** The row of the violation that is shown; -1: there is none. Two votes of one node are preferred to any other violation. */
function brokenRow({ properties }: PageRecord): number {
  const broken = properties.filter(({ verdict, row }) => verdict === 'violated' && row >= 0);
  return (broken.find(({ name }) => name === 'no-equivocation') ?? broken[0])?.row ?? -1;
}

function find(record: PageRecord): readonly Beat[] {
  const { rows, properties } = record;
  const wanted = new Set<number>();
  const firstSaid = rows.findIndex(({ kind }) => kind === 'said');
  const deaths = rows.flatMap(({ kind }, at) => (kind === 'death' || kind === 'stopped' ? [at] : [])).slice(0, 3);
  for (const death of deaths) {
    const node = rows[death]?.node ?? -1;
    const said = rows.findLastIndex((row, at) => at < death && row.node === node && row.kind === 'said');
    const back = rows.findIndex((row, at) => at > death && row.node === node && row.kind === 'restart');
    const replayed =
      back === -1 ? -1 : rows.findIndex((row, at) => at > back && row.node === node && row.words.startsWith('replay.end'));
    const speaks = back === -1 ? undefined : promisesOf(record, node).find(({ sent }) => sent > back);
    for (const row of [said, death, back, replayed, speaks?.sent ?? -1]) wanted.add(row);
  }
  if (deaths.length === 0) for (const [at, { kind }] of rows.entries()) if (kind === 'fault' && wanted.size < 3) wanted.add(at);
  wanted.add(firstSaid);
  for (const { verdict, row } of properties) if (verdict === 'violated') wanted.add(row);
  wanted.add(rows.findLastIndex(({ kind }) => kind === 'decided'));
  const found = [...wanted].filter((at) => at >= 0).sort((a, b) => a - b);
  const kept = new Set(found.length <= most ? found : [...found.slice(0, most - 2), brokenRow(record), found.at(-1) ?? 0]);
  const beats = [...kept].filter((at) => at >= 0).sort((a, b) => a - b);
  return (beats.length === 0 ? [0] : beats).map((row) => ({ row, node: Math.max(0, rows[row]?.node ?? 0) }));
}
