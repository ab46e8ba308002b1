/**
 * `integrity`: a node never decides two values at one height, and stores heights in order. The stored state of its application is the result of
 * executing the stored blocks; on another state nothing more is stored. A life continues from a block that the store still holds, and applies no
 * frame of its log twice. If the application has a store of its own, what it writes there is judged too (own-store.ts).
 *
 * The checker decodes the stored blocks and executes them itself, by the rules of docs/formats/wal.md.
 */

import type { Monitor, Observer, Property, RunEvent, Setting } from '../../core/events.ts';
import { emptyTable, fromHeight, type HeightTable, heightEntry, withHeight } from '../../core/height-table.ts';
import { deepEqual } from '../deep-equal.ts';
import { relevantOf, unjudged, verdictOf } from '../judged.ts';
import { undamaging } from '../node/no-false-alarm.ts';
import { type Findings, lookByNode, type NodeRecords } from '../node/node-records.ts';
import { chained, firstState } from './chain.ts';
import { type BlockRead, blockIn, frameOf, framesIn } from './decode.ts';
import { afterWrite, nothingExecuted, type StoreKnowledge, withBlock, writtenState } from './own-store.ts';
import { decisionSeen, whereDecided } from './statements.ts';

/** What the monitor knows about one node. */
interface NodeRecord {
  /** The values that it decided, by height. */
  readonly values: HeightTable<string>;
  /** The height that it decided last in this life. */
  readonly lastDecided: number | undefined;
  /** The highest height that it has stored. */
  readonly stored: number;
  /** The height of the last block that it has appended to its store in this life, also of a copy. */
  readonly storedNow: number;
  /** The last two stored blocks, by height: the payload of each, and the application's state after it. */
  readonly blocks: HeightTable<{ readonly payload: Uint8Array; readonly state: number | undefined }>;
  /** The node has restarted, and has not yet stored a new height. */
  readonly hasReturned: boolean;
  /** The last frame that was replayed in this life. */
  readonly replayed: number;
  /** What is known of the application's own store, if it has one. */
  readonly ownStore: StoreKnowledge | undefined;
  /** A fault makes its application compute another state than the others. `diverged`: the first height with such a state. No later height may be stored. */
  readonly isOtherwise: boolean;
  readonly diverged: number | undefined;
}

const nothingKnown: NodeRecord = {
  values: emptyTable,
  lastDecided: undefined,
  stored: 0,
  storedNow: 0,
  blocks: emptyTable,
  hasReturned: false,
  replayed: 0,
  ownStore: undefined,
  isOtherwise: false,
  diverged: undefined,
};

function monitorOf(setting: Setting): Monitor<NodeRecords<NodeRecord>> {
  return {
    watches: ['deliver consensus', 'disk append', ...whereDecided, 'death', 'stopped', 'restart', 'fault'],
    start: {
      ...unjudged,
      nodes: setting.nodes.map(() =>
        setting.hasOwnStore === true ? { ...nothingKnown, ownStore: nothingExecuted } : nothingKnown,
      ),
    },
    look: lookByNode(setting, (record, event, observer, findings) =>
      look(record, event, observer, findings, setting.restartsHeights?.includes(event.node) === true),
    ),
    finish: (memory) => verdictOf(memory, 'nobody decided'),
    relevant: relevantOf,
  };
}

function look(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings, mayRestart: boolean): NodeRecord {
  switch (event.type) {
    case 'restart':
      return { ...record, hasReturned: true };
    case 'fault':
      if (event.kind === 'application executes-otherwise') return { ...record, isOtherwise: true };
      return hurt(record, event.kind);
    case 'death':
    case 'stopped':
      return { ...record, lastDecided: undefined, replayed: 0, storedNow: 0 };
    case 'deliver':
      return replayed(record, event, findings);
    case 'effect':
      return event.effect.type === 'disk'
        ? stored(record, event, observer, findings)
        : decided(record, event, findings, mayRestart);
    default:
      return record;
  }
}

function decided(record: NodeRecord, event: RunEvent, findings: Findings, mayRestart: boolean): NodeRecord {
  const seen = decisionSeen(event);
  if (seen === undefined) return record;
  const { height, value } = seen;
  const before = heightEntry(record.values, height);
  const { lastDecided } = record;
  if (before !== undefined && before !== value)
    findings.complain(`decided ${before} at height ${height}, and later ${value}`, height);
  // If the application may ask for a height anew, its decision comes again. It must be the same one, and not yet stored.
  const isAgain = mayRestart && height === lastDecided && before === value && height > record.storedNow;
  if (lastDecided !== undefined && height !== lastDecided + 1 && !isAgain)
    findings.complain(`decided height ${height} after height ${lastDecided} within one life`, height);
  findings.isExercised = true;
  return { ...record, values: withHeight(record.values, height, value), lastDecided: height };
}

/** Judges the blocks in an append to the store. A block may also be a copy in a new file. */
function stored(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings): NodeRecord {
  if (event.type !== 'effect' || event.effect.type !== 'disk' || event.effect.operation.type !== 'append') return record;
  const { file, bytes } = event.effect.operation;
  if (!file.startsWith('blocks/')) return committed(record, event, observer, findings);
  const { node } = event;
  let next = record;
  for (const { kind, payload, start, end } of framesIn(bytes)) {
    const block = kind === frameOf.block ? blockIn(payload) : undefined;
    if (block === undefined) continue;
    next = storedBlock(next, block, payload, node, observer, findings);
    if (next.ownStore === undefined) continue;
    const offset = observer.fileLength(node, file);
    const newest = { height: block.height, file, start: offset + start, end: offset + end };
    next = { ...next, ownStore: withBlock(next.ownStore, newest, record.hasReturned) };
  }
  return next;
}

function hurt(record: NodeRecord, kind: string): NodeRecord {
  const { ownStore } = record;
  if (ownStore === undefined || ownStore.isHurt || undamaging.includes(kind)) return record;
  return { ...record, ownStore: { ...ownStore, isHurt: true } };
}

/** The application writes to a store of its own. */
function committed(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings): NodeRecord {
  const { values, ownStore, blocks, isOtherwise, diverged } = record;
  const written = ownStore === undefined ? undefined : writtenState(event);
  if (written === undefined || ownStore === undefined) return record;
  const { node } = event;
  const { height } = written;
  const inBlock = (at: number): number | undefined => {
    const payload = heightEntry(blocks, at)?.payload;
    return payload === undefined ? undefined : blockIn(payload)?.digest;
  };
  const { known, wrong } = afterWrite(ownStore, written, { values, inBlock, isOtherwise }, node, observer);
  if (wrong !== undefined) findings.complain(wrong, height);
  if (diverged !== undefined && height > diverged)
    findings.complain(onItsOwn(`wrote the state of its application after`, height, diverged), height);
  return { ...record, ownStore: known };
}

function onItsOwn(did: string, height: number, since: number): string {
  return `${did} height ${height} on a state of its own, which it has had since height ${since}`;
}

function storedBlock(
  record: NodeRecord,
  block: BlockRead,
  payload: Uint8Array,
  node: string,
  observer: Observer,
  findings: Findings,
): NodeRecord {
  const { height, decision, digest } = block;
  if (height > record.stored + 1) {
    findings.complain(`stored height ${height} after height ${record.stored}`, height);
    return record;
  }
  const last = heightEntry(record.blocks, height - 1);
  // The store must hold the block before the first block of a life, even if the disk was damaged or lost data meanwhile.
  if (record.hasReturned && last !== undefined && !holds(observer, node, last.payload))
    findings.complain(`stored height ${height}, and height ${height - 1} is not in its store any more`, height);
  const before = height === 1 ? firstState : last?.state;
  const after = before === undefined || decision === undefined ? undefined : chained(before, decision);
  const isWrong = after !== undefined && after !== digest;
  if (isWrong && !record.isOtherwise)
    findings.complain(`stored height ${height} with a state that is not the fold of its blocks`, height);
  if (record.diverged !== undefined && height > record.diverged)
    findings.complain(onItsOwn('stored', height, record.diverged), height);
  const blocks = withHeight(record.blocks, height, { payload, state: after });
  // A death may lose only the newest block, so the last two blocks are enough to judge the next life.
  const newest = Math.max(height, record.stored);
  return {
    ...record,
    diverged: record.diverged ?? (isWrong && record.isOtherwise ? height : undefined),
    blocks: fromHeight(blocks, newest - 1),
    stored: newest,
    storedNow: height,
    hasReturned: record.hasReturned && height < record.stored,
  };
}

function holds(observer: Observer, node: string, payload: Uint8Array): boolean {
  return observer.fileNames(node, 'blocks').some((name) => {
    const bytes = observer.fileBytes(node, `blocks/${name}`);
    if (bytes === undefined) return false;
    return framesIn(bytes.subarray(segmentHeaderBytes)).some((frame) => deepEqual(frame.payload, payload));
  });
}

const segmentHeaderBytes = 48;

function replayed(record: NodeRecord, event: RunEvent, findings: Findings): NodeRecord {
  if (event.type !== 'deliver' || event.actor !== 'consensus' || event.message.type !== 'replay.frame') return record;
  const { sequence } = event.message as unknown as { readonly sequence: number };
  if (sequence <= record.replayed) findings.complain(`applied frame ${sequence} after frame ${record.replayed} in one replay`);
  return { ...record, replayed: sequence };
}

export const integrity: Property = {
  name: 'integrity',
  says: 'heights are decided once and stored in order, each on the one before it. The stored state is the fold of the blocks, and nothing is stored on another one. An application with a store of its own writes that state there, after the block. No frame is applied twice',
  hint: 'execute a decision once, store it in order, commit it after its block is durable, and replay each frame once',
  monitor: monitorOf,
};
