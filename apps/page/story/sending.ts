/** Sentences about a message that leaves: whether its frame was durable first, and which nodes heard it. */
import type { PageRecord } from '../record/page-record.ts';
import { claimed, plain, type Sentence } from './claim.ts';
import { heardBy, ownFrame, promisesOf } from './facts.ts';
import { listed, spoken } from './words.ts';

export interface Said {
  readonly record: PageRecord;
  readonly at: number;
  readonly node: number;
  readonly label: string;
}

/** What the record says of the frame of a message that has just left. */
export function afterSending({ record, at, node, label }: Said): readonly Sentence[] {
  const name = record.nodes[node] ?? '';
  if (record.log === 'none') return [plain(`${name} has no log: nothing keeps this message.`)];
  // Other protocols may write down what they promise in other words, and call many messages the same.
  if (record.data.protocol !== undefined) return [];
  const frame = ownFrame(record, node, label, at);
  const durable = { kind: 'durable', node: name, what: label, position: at } as const;
  const first = { node: name, is: 'durable', what: label } as const;
  const second = { node: name, is: 'sent', what: label } as const;
  const late = { kind: 'before', first: second, second: first, position: at } as const;
  if (frame.place === 'none') return [claimed('No frame of it is on the disk.', { ...durable, not: true })];
  const isFirst = promisesOf(record, node).find((one) => one.label === label)?.sent === at;
  if (frame.place === 'cached') {
    const words = 'Its frame is in the page cache. It is not on the disk.';
    if (!isFirst || (frame.durable !== -1 && frame.durable < at)) return [claimed(words, { ...durable, not: true })];
    return [claimed('It leaves before its frame is durable.', late), claimed(words, { ...durable, not: true })];
  }
  // Durable within this row: the disk answered when the message had left.
  if (isFirst && frame.durable === at) return [claimed('It leaves before its frame is durable.', late)];
  if (!isFirst) return [claimed('Its frame is on the disk.', durable)];
  return [
    claimed('Its frame is on the disk: it was durable before the message left.', durable, {
      kind: 'before',
      first,
      second,
      position: at,
    }),
  ];
}

/** The nodes that have heard it by now. */
export function whoHeard({ record, at, node, label }: Said): Sentence {
  const name = record.nodes[node] ?? '';
  const heard = heardBy(record, node, label, at);
  const words = `${name}'s ${spoken(record, label)}`;
  if (heard.length === 0)
    return claimed(`Nobody has heard ${words} yet.`, { kind: 'heard', node: name, what: label, by: [], position: at, not: true });
  return claimed(`${listed(heard)} ${heard.length === 1 ? 'has' : 'have'} heard ${words}.`, {
    kind: 'heard',
    node: name,
    what: label,
    by: heard,
    position: at,
  });
}
