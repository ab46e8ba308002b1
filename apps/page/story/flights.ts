/** Messages that are drawn between nodes: those that are on their way at a row, and those that are lost just then. */
import type { MessageLife, PageRecord } from '../record/page-record.ts';
import { isCutShort, isUnderWay, lastUpTo } from './facts.ts';
import { spoken } from './words.ts';

export interface Flight {
  readonly indexes: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly words: readonly string[];
  /** From 0, sent, to 1, heard. */
  readonly share: number;
  readonly isFocus: boolean;
  readonly isLost: boolean;
  readonly isSecond: boolean;
  /** Its words have room: those of the node of which is spoken always, and those of others where few messages are drawn. */
  readonly isLabelled: boolean;
}

/** Messages that were sent at most this many rows ago may still be under way. */
const longestWay = 600;

/** With more labels on a stage none can be read. */
const mostLabels = 6;

/** What is on its way at a row, or is lost just then; messages between the same two nodes fly together. */
export function flightsAt(record: PageRecord, at: number, focus: number): readonly Flight[] {
  const found = new Map<string, Flight>();
  const { messages, rows, nodes } = record;
  // Between many cards the free place is close to where a message goes.
  const isCrowded = nodes.length > 4;
  const timeOf = (row: number): number => rows[row]?.time ?? 0;
  for (let index = lastUpTo(messages, ({ sent }) => sent, at); index >= 0; index -= 1) {
    const one = messages[index] as MessageLife;
    if (one.sent < at - longestWay) break;
    // What is lost is shown where that happens; what has arrived is in the card of the node that heard it.
    const isLost = one.lost === at || isCutShort(record, one, at);
    const end = one.lost === -1 ? one.heard : one.lost;
    if (one.promise === '' || one.from === one.to || !(isLost || isUnderWay(record, one, at))) continue;
    const way =
      end === -1 || end === one.sent ? 0 : (timeOf(at) - timeOf(one.sent)) / Math.max(1, timeOf(end) - timeOf(one.sent));
    const share = isCrowded ? 0.8 : isLost ? 0.5 : Math.min(0.56, Math.max(0.44, way));
    const key = `${one.from} ${one.to} ${isLost}`;
    const known = found.get(key);
    const words = spoken(record, one.label);
    const isSecond = messages
      .slice(0, index)
      .some((other) => other.from === one.from && other.promise === one.promise && other.value !== one.value);
    found.set(key, {
      indexes: [...(known?.indexes ?? []), index],
      from: one.from,
      to: one.to,
      words: known === undefined ? [words] : [...new Set([words, ...known.words])],
      share: known?.share ?? share,
      isFocus: one.from === focus,
      isLost,
      isSecond: isSecond || known?.isSecond === true,
      isLabelled: one.from === focus,
    });
  }
  const flights = [...found.values()];
  const isOpposite = (one: Flight, other: Flight): boolean => other.from === one.to && other.to === one.from;
  // A dot would hide a label that comes the other way, and many dots hide everything.
  const drawn = flights.filter((one) => one.isFocus || !flights.some((other) => other.isFocus && isOpposite(one, other)));
  if (isCrowded || drawn.length > mostLabels) return drawn;
  return drawn.map((one) => ({ ...one, isLabelled: !drawn.some((other) => isOpposite(one, other)) || one.isFocus }));
}
