/**
 * Appends that overlap in time: which of them came first is not recorded. The folder at the end shows it. Each of them takes effect at one moment between its
 * begin and its end, so a call that came later begins later here. Writes at a place of their own need no order.
 */
import type { ProgramRecord, RecordedCall } from '../recording/calls.ts';
import { AppliedCalls } from './apply-calls.ts';
import { inOrder } from './call-order.ts';

interface Append {
  readonly recorded: RecordedCall;
  readonly bytes: Uint8Array;
  readonly inode: number;
  /** Where it would be if the calls took effect as they began. */
  readonly offset: number;
}

/** Steps of the search for one group; beyond them its order stays as the calls began. */
const mostSteps = 10_000;

/** The record with overlapping appends in the order that the folder at the end shows, where one fits. */
export function inAppendOrder<Recorded extends ProgramRecord>(record: Recorded): Recorded {
  const applied = new AppliedCalls(record);
  const groups = overlapping(appendsOf(record, applied));
  const calls = [...record.calls];
  const placeOf = new Map(calls.map((call, place) => [call, place]));
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const path = applied.tree.pathOf(first.inode);
    const entry = path === undefined ? undefined : record.after.get(path);
    if (entry?.type !== 'file') continue;
    const order = orderThatFits(group, entry.bytes.subarray(first.offset));
    if (order === undefined || order.every((append, index) => append === group[index])) continue;
    // Equal stamps stay in the order of the calls.
    const places = group.map(({ recorded }) => placeOf.get(recorded) as number).sort((a, b) => a - b);
    let begin = 0;
    for (const [index, { recorded }] of order.entries()) {
      begin = Math.max(begin, recorded.begin);
      calls[places[index] as number] = { ...recorded, begin };
    }
  }
  return { ...record, calls };
}

/** Writes whose place is the end of a file, or where the one before ended, by their begins. */
function appendsOf({ calls }: ProgramRecord, applied: AppliedCalls): readonly Append[] {
  const appends: Append[] = [];
  for (const { call: recorded, isEnd } of inOrder(calls)) {
    const { call, process } = recorded;
    if (isEnd) {
      if (call.op === 'open') applied.opened(recorded, call.fd);
      continue;
    }
    const file = call.op === 'write' ? applied.descriptors.get(process, call.fd) : undefined;
    if (call.op === 'write' && file !== undefined && (file.appends || call.position === null)) {
      const offset = file.appends ? applied.tree.length(file.inode) : file.position;
      appends.push({ recorded, bytes: call.bytes, inode: file.inode, offset });
    }
    applied.apply(recorded);
  }
  return appends;
}

/** Groups of two and more to one file, each of which overlaps one before it. */
function overlapping(appends: readonly Append[]): readonly (readonly Append[])[] {
  const groups: Append[][] = [];
  const last = new Map<number, { readonly group: Append[]; end: number }>();
  for (const append of appends) {
    const { begin, end } = append.recorded;
    const known = last.get(append.inode);
    if (known !== undefined && begin < known.end) {
      known.group.push(append);
      known.end = Math.max(known.end, end);
    } else {
      const group = [append];
      groups.push(group);
      last.set(append.inode, { group, end });
    }
  }
  return groups.filter(({ length }) => length > 1);
}

/** An order in which no call comes before one that had ended when it began, and whose bytes follow each other as they are in the file. */
function orderThatFits(group: readonly Append[], found: Uint8Array): readonly Append[] | undefined {
  let steps = 0;
  const extend = (order: readonly Append[], left: readonly Append[], at: number): readonly Append[] | undefined => {
    if (left.length === 0) return order;
    for (const next of left) {
      steps += 1;
      if (steps > mostSteps) return undefined;
      const { bytes, recorded } = next;
      if (left.some((other) => other.recorded.end < recorded.begin)) continue;
      if (Buffer.compare(found.subarray(at, at + bytes.length), bytes) !== 0) continue;
      const rest = left.filter((other) => other !== next);
      const whole = extend([...order, next], rest, at + bytes.length);
      if (whole !== undefined) return whole;
    }
    return undefined;
  };
  return extend([], group, 0);
}
