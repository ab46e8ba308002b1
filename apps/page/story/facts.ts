/** What a record says of a moment. Templates of sentences and panels ask here, so that they cannot say different things. */
import type { FrameLife, MessageLife, PageRecord } from '../record/page-record.ts';
import { isCalled } from './claim.ts';

const frames = new WeakMap<PageRecord, readonly (readonly FrameLife[])[]>();

/** The frames of one node, in the order of writing. */
export function framesOf(record: PageRecord, owner: number): readonly FrameLife[] {
  let known = frames.get(record);
  if (known === undefined) {
    known = record.nodes.map((_, index) => record.frames.filter((one) => one.node === index));
    frames.set(record, known);
  }
  return known[owner] ?? [];
}

export interface Shelves {
  readonly cached: readonly FrameLife[];
  readonly durable: readonly FrameLife[];
  /** Lost with the power in the death that came last. */
  readonly ghosts: readonly FrameLife[];
}

/** Where the frames of a node's log are at a row. */
export function shelvesAt(record: PageRecord, owner: number, at: number): Shelves {
  const mine = framesOf(record, owner).filter(({ cached, label }) => cached <= at && label !== 'block');
  const there = mine.filter((frame) => isThere(frame, at));
  const deaths = record.downtimes.filter(({ node, from }) => node === owner && from <= at).map(({ from }) => from);
  const lastDeath = deaths.at(-1) ?? -1;
  return {
    cached: there.filter((frame) => !isDurable(frame, at)),
    durable: there.filter((frame) => isDurable(frame, at)),
    ghosts: mine.filter(({ isLost, gone }) => isLost && gone === lastDeath),
  };
}

const isThere = ({ cached, gone }: FrameLife, at: number): boolean => cached <= at && (gone === -1 || gone > at);
const isDurable = ({ durable }: FrameLife, at: number): boolean => durable !== -1 && durable <= at;

export function isDown({ downtimes }: PageRecord, of: number, at: number): boolean {
  return downtimes.some((down) => down.node === of && down.from <= at && (down.to === -1 || down.to > at));
}

export interface OwnFrame {
  /** `none`: no frame of it is in any file. */
  readonly place: 'none' | 'cached' | 'durable';
  /** The first row at which a frame of it was durable; -1: never. */
  readonly durable: number;
}

/** The frame in which a node wrote down what it says; recovery may have copied it. */
export function ownFrame(record: PageRecord, owner: number, what: string, at: number): OwnFrame {
  const copies = framesOf(record, owner).filter(({ isOwn, label }) => isOwn && isCalled(label, what));
  const there = copies.filter((frame) => isThere(frame, at));
  const times = copies.map(({ durable }) => durable).filter((row) => row !== -1);
  return {
    place: there.length === 0 ? 'none' : there.some((frame) => isDurable(frame, at)) ? 'durable' : 'cached',
    durable: times.length === 0 ? -1 : Math.min(...times),
  };
}

const promises = new WeakMap<PageRecord, readonly (readonly MessageLife[])[]>();

/** The signed messages of a node to others, in the order of sending. */
export function promisesOf(record: PageRecord, from: number): readonly MessageLife[] {
  let known = promises.get(record);
  if (known === undefined) {
    known = record.nodes.map((_, index) =>
      record.messages.filter((one) => one.from === index && one.to !== index && one.promise !== ''),
    );
    promises.set(record, known);
  }
  return known[from] ?? [];
}

export interface Promised {
  readonly promise: string;
  readonly values: readonly {
    readonly value: string;
    readonly label: string;
    readonly heard: readonly string[];
    readonly underWay: readonly string[];
    /** A copy is on its way to nodes that have heard it. */
    readonly again: readonly string[];
  }[];
}

/** Whether a message has been sent, and has neither arrived nor been lost. */
export function isUnderWay(record: PageRecord, message: MessageLife, at: number): boolean {
  const { sent, heard, lost } = message;
  return sent <= at && (heard === -1 || heard > at) && (lost === -1 || lost > at) && !isCutShort(record, message, at);
}

/** Whether a message is sent over a link that is cut: the record loses it a few rows later. */
export function isCutShort(record: PageRecord, { from, to, sent, lost }: MessageLife, at: number): boolean {
  return lost > at && sent <= at && isCut(record, from, to, sent);
}

function isCut({ cuts }: PageRecord, from: number, to: number, at: number): boolean {
  const links = cuts[lastUpTo(cuts, ({ row }) => row, at)]?.links ?? [];
  return links.some(([sender, receiver]) => sender === from && receiver === to);
}

export interface CutOff {
  /** The nodes with which it can exchange no message in either direction. */
  readonly from: readonly string[];
  /** The nodes from which messages come, and to which none goes. */
  readonly unheardBy: readonly string[];
  /** The nodes to which messages go, and from which none comes. */
  readonly deafTo: readonly string[];
}

/** Which nodes partitions keep from a node at a row. */
export function cutOff(record: PageRecord, node: number, at: number): CutOff {
  const others = record.nodes.map((name, index) => ({
    name,
    goes: !isCut(record, node, index, at),
    comes: !isCut(record, index, node, at),
  }));
  const those = (goes: boolean, comes: boolean): readonly string[] =>
    others.filter((one) => one.goes === goes && one.comes === comes).map(({ name }) => name);
  return { from: those(false, false), unheardBy: those(false, true), deafTo: those(true, false) };
}

/** What a node has promised to others until now: each promise with all values that left under it, heard or still on their way. */
export function promisedAt(record: PageRecord, from: number, at: number): readonly Promised[] {
  const found = new Map<string, Map<string, { label: string; heard: Set<string>; underWay: Set<string> }>>();
  for (const message of promisesOf(record, from)) {
    const { promise, value, label, to, sent, heard } = message;
    if (sent > at) break;
    const name = record.nodes[to] ?? '';
    const values = found.get(promise) ?? new Map();
    const one = values.get(value) ?? { label, heard: new Set(), underWay: new Set() };
    if (heard !== -1 && heard <= at) one.heard.add(name);
    else if (isUnderWay(record, message, at)) one.underWay.add(name);
    if (one.heard.size + one.underWay.size > 0) values.set(value, one);
    if (values.size > 0) found.set(promise, values);
  }
  return [...found].map(([promise, values]) => ({
    promise,
    values: [...values].map(([value, { label, heard, underWay }]) => ({
      value,
      label,
      heard: [...heard],
      underWay: [...underWay].filter((name) => !heard.has(name)),
      again: [...underWay].filter((name) => heard.has(name)),
    })),
  }));
}

/** Whether a node has heard something of another one since it came back last: it has forgotten what it heard earlier, unless its log has it. */
export function heardInThisLife(record: PageRecord, node: number, label: string, from: number, at: number): boolean {
  const born = record.downtimes.findLast((down) => down.node === node && down.to !== -1 && down.to <= at)?.to ?? -1;
  return promisesOf(record, from).some((one) => one.to === node && one.label === label && one.heard > born && one.heard <= at);
}

/** The nodes that have heard something of a node by a row. */
export function heardBy(record: PageRecord, from: number, what: string, at: number): readonly string[] {
  const names = promisesOf(record, from)
    .filter(({ label, heard }) => heard !== -1 && heard <= at && isCalled(label, what))
    .map(({ to }) => record.nodes[to] ?? '');
  return record.nodes.filter((name) => names.includes(name));
}

/** What a node has in memory at a row. */
export function memoryAt({ memories }: PageRecord, of: number, at: number): Readonly<Record<string, string>> {
  for (let index = lastUpTo(memories, ({ row }) => row, at); index >= 0; index -= 1) {
    const one = memories[index];
    if (one?.node === of) return one.fields;
  }
  return {};
}

/** Whether a node that came back knows what it said: its memory holds a vote of that name. */
export function knows(record: PageRecord, of: number, what: string, at: number): boolean {
  return (memoryAt(record, of, at)['own votes'] ?? '').split(', ').some((label) => isCalled(label, what));
}

/** The last entry whose place is not above a limit; -1: none. Entries are in the order of their places. */
export function lastUpTo<Entry>(entries: readonly Entry[], placeOf: (entry: Entry) => number, limit: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(entries[middle] as Entry) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
