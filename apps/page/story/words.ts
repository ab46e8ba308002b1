/** Names and labels as people read them: `own prevote(v3.0-C.1) at 3.0` becomes `own prevote v3`. */
import type { PageRecord } from '../record/page-record.ts';

const letters = 'vwxyz';
const known = new WeakMap<PageRecord, ReadonlyMap<string, string>>();

/** The short name of a value: a letter and its height, `v3` for the first value of height 3, `w3` for the second. */
export function valueName(record: PageRecord, value: string): string {
  if (value === 'null' || value === 'nil') return 'nil';
  let names = known.get(record);
  if (names === undefined) {
    names = namesOf(record);
    known.set(record, names);
  }
  return names.get(value) ?? value;
}

/** In the order in which the run shows them: written down or on the wire. */
function namesOf({ messages, frames }: PageRecord): ReadonlyMap<string, string> {
  const shown = [
    ...messages.map(({ sent, label }) => ({ row: sent, label })),
    ...frames.map(({ cached, label }) => ({ row: cached, label })),
  ].sort((a, b) => a.row - b.row);
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { label } of shown) {
    const [, value, height] = /\((.*?)\) at (\d+)/.exec(label) ?? [];
    if (value === undefined || height === undefined || value === 'null' || value === 'nil' || names.has(value)) continue;
    const count = counts.get(height) ?? 0;
    counts.set(height, count + 1);
    names.set(value, count < letters.length ? `${letters[count]}${height}` : value);
  }
  return names;
}

/** A label of a frame or a message, short. */
export function spoken(record: PageRecord, label: string): string {
  const found = /^(own )?([\w. -]+?)(?:\((.*?)\))?(?: at (\d+)\.?(\d+)?)?(?: of (.+))?$/.exec(label);
  if (found === null) return label;
  const [, own = '', type = label, value, , round, from] = found;
  const said = value === undefined ? '' : ` ${valueName(record, value)}`;
  const later = round === undefined || round === '0' ? '' : `, round ${round}`;
  return `${own}${type}${said}${later}${from === undefined ? '' : ` of ${from}`}`;
}

/** `A`, `A and B`, `A, B and C`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? 'nobody';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A field of a node's memory, with short names for labels and values. */
export function fieldText(record: PageRecord, key: string, value: string): string {
  if (key === 'own votes' || key === 'waiting for the disk')
    return value
      .split(', ')
      .map((label) => spoken(record, label))
      .join(', ');
  if (key !== 'locked' && key !== 'valid') return value;
  const [held = '', ...round] = value.split(' ');
  return [valueName(record, held), ...round].join(' ');
}
