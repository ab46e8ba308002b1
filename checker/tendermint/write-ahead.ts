/**
 * `write-ahead`: when a vote, proposal or decision leaves a node, everything that it depends on is durable. The monitor asks the simulated disk itself
 * about the file, its name in the folder, the range of bytes and their content.
 *
 * A vote or proposal with the node's own signature is judged when it first leaves in a life, by itself or inside a certificate. It is not judged if
 * the node received it in this life. It needs a durable frame in the log, or a durable block that contains it. A decision that is sent to the
 * application needs a durable frame as well. Not judged here: certificates that contain only votes of others.
 */

import type { Message, WireData } from '../../core/effects.ts';
import type { Monitor, Observer, Property, RunEvent, Setting } from '../../core/events.ts';
import { perObject } from '../../core/per-object.ts';
import { deepEqual } from '../deep-equal.ts';
import { relevantOf, unjudged, verdictOf } from '../judged.ts';
import { harmlessFaults } from '../node/comes-back.ts';
import { type Findings, lookByNode, type NodeRecords } from '../node/node-records.ts';
import { coreOf } from './core-state.ts';
import { blockHeight, blockIn, decisionIn, frameOf, framesIn, type Statement, statementIn } from './decode.ts';
import { holdersIn, type SignerOf, signersIn } from './keys.ts';
import {
  type DecisionSeen,
  decisionSeen,
  keyOf,
  own,
  ownStatements,
  seenIn,
  statementsIn,
  text,
  whereDecided,
  whereSigned,
} from './statements.ts';

/** An own statement or a decision in the log: the bytes [start, end) of a file, and the life that wrote them. */
interface Written {
  readonly key: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly life: number;
}

interface NodeRecord {
  /** The present step, until its input is appended: the index of its event, the state before it, and its message. */
  readonly step: { readonly event: number; readonly before: unknown; readonly message: Message } | undefined;
  /** An input that was applied and never written, described in words. */
  readonly unwritten: string | undefined;
  /** Own statements and decisions in the log. Each is listed once, at the place where it was written last. */
  readonly frames: readonly Written[];
  /** Own statements that were delivered to the node in this life, and those that it has sent in this life. */
  readonly delivered: readonly { readonly key: string; readonly height: number }[];
  readonly sent: readonly string[];
  /** The highest height that the node appended to its store, and whether its disk was damaged or failed. */
  readonly stored: number;
  readonly isHurt: boolean;
  /** In a scenario with a replay delay: this life has found frames to replay, and has neither replayed nor written any. It follows its peers: a decision of theirs needs no frame. */
  readonly isBeforeReplay: boolean;
}

const nothingKnown: NodeRecord = {
  step: undefined,
  unwritten: undefined,
  frames: [],
  delivered: [],
  sent: [],
  stored: 0,
  isHurt: false,
  isBeforeReplay: false,
};

function monitorOf(setting: Setting): Monitor<NodeRecords<NodeRecord>> {
  const { nodes, configurations } = setting;
  // A node without a key has nothing to log first: its decisions are certified by others.
  const keyless = nodes.filter(
    (node) => (configurations.get(node) as { readonly hasKey?: boolean } | undefined)?.hasKey === false,
  );
  const signerOf = signersIn(setting);
  const signing = nodes.map((node): Signing => {
    const key = signerOf(node);
    return { isKeyless: keyless.includes(node), key, isShared: (holdersIn(setting).get(key) ?? []).length > 1, signerOf };
  });
  const known = new Set(nodes);
  const mayWait = (setting.replayDelayMs ?? 0) > 0;
  return {
    watches: [
      'deliver consensus',
      'deliver network',
      'deliver host',
      ...whereSigned,
      ...whereDecided,
      'disk remove',
      'done append',
      'death',
      'stopped',
      'fault',
    ],
    start: { ...unjudged, nodes: nodes.map(() => nothingKnown) },
    look: lookByNode(setting, (record, event, observer, findings, place) =>
      look(record, event, observer, findings, signing[place] as Signing, known, mayWait),
    ),
    finish: (memory) => verdictOf(memory, 'nothing left that had to be written first'),
    relevant: (memory) => relevantOf({ ...memory, nodes: memory.nodes.map((record) => relevantRecord(record)) }),
  };
}

/** The record without indices of events, because they change no verdict. */
const relevantRecord = perObject(({ step, ...record }: NodeRecord): object => ({
  ...record,
  step: step === undefined ? undefined : { before: step.before, message: step.message },
}));

/** How a node signs: with which key, if any, and whether another machine holds the same key. */
interface Signing {
  readonly isKeyless: boolean;
  readonly key: string;
  readonly isShared: boolean;
  readonly signerOf: SignerOf;
}

function look(
  record: NodeRecord,
  event: RunEvent,
  observer: Observer,
  findings: Findings,
  signing: Signing,
  nodes: ReadonlySet<string>,
  mayWait: boolean,
): NodeRecord {
  switch (event.type) {
    case 'death':
    case 'stopped':
      return { ...record, step: undefined, unwritten: undefined, delivered: [], sent: [], isBeforeReplay: false };
    case 'fault':
      return record.isHurt || harmlessFaults.includes(event.kind) ? record : { ...record, isHurt: true };
    case 'done': {
      const { error, operation } = event.answer;
      if (error === undefined || operation.type !== 'append' || !operation.file.startsWith('wal/')) return record;
      return { ...record, unwritten: `a frame whose append had failed (${error.code})` };
    }
    case 'deliver':
      // Messages between actors of one node do not count as delivered.
      if (event.actor === 'network')
        return event.from !== event.node && nodes.has(event.from) ? withDelivered(record, event.message, signing.key) : record;
      if (event.actor === 'host') return toApplication(record, event, observer, findings, signing);
      return nextStep(record, event, observer, mayWait);
    case 'effect':
      return event.effect.type === 'disk' ? written(record, event, observer) : left(record, event, observer, findings, signing);
    default:
      return record;
  }
}

/** Notes own statements that the node receives from peers. It may forward them without a frame, because an earlier life sent them. */
function withDelivered(record: NodeRecord, message: Message, signer: string): NodeRecord {
  const statements = own(statementsIn(message), signer);
  if (statements.length === 0) return record;
  const news = statements
    .map((statement) => ({ key: keyOf(statement), height: statement.height }))
    .filter(({ key }) => !wasDelivered(record, key));
  return news.length === 0 ? record : { ...record, delivered: [...record.delivered, ...news] };
}

function wasDelivered({ delivered }: NodeRecord, key: string): boolean {
  return delivered.some((one) => one.key === key);
}

/** The messages to the consensus actor that may change the protocol's state. */
const inputs: readonly string[] = ['input', 'timer', 'segment'];

function nextStep(record: NodeRecord, event: RunEvent, observer: Observer, mayWait: boolean): NodeRecord {
  if (event.type !== 'deliver') return record;
  const { message, index, node } = event;
  const { isBeforeReplay } = record;
  if (message.type === 'recovered') {
    const { frames } = message as unknown as { readonly frames: number };
    return { ...record, isBeforeReplay: mayWait && frames > 0 };
  }
  if (isBeforeReplay && message.type.startsWith('replay.'))
    return { ...record, step: undefined, unwritten: undefined, isBeforeReplay: false };
  const step = inputs.includes(message.type) ? { event: index, before: coreOf(observer, node), message } : undefined;
  if (message.type === 'segment')
    return { ...record, isBeforeReplay: false, step, unwritten: undefined, sent: [], delivered: fromNow(record, message) };
  if (step === undefined && record.step === undefined) return record;
  return withStep(record, step, unwrittenAfter(record, node, observer));
}

/** The delivered statements that are kept when a new height begins: those of this height or a later one. */
function fromNow({ delivered }: NodeRecord, message: Message): NodeRecord['delivered'] {
  const { height } = message as unknown as { readonly height: number };
  return delivered.length === 0 ? delivered : delivered.filter((one) => one.height >= height);
}

/** The fields are listed because this happens at each step, and a copy with `...` costs twice as much. */
function withStep(
  record: NodeRecord,
  step: NodeRecord['step'],
  unwritten: string | undefined,
  frames = record.frames,
): NodeRecord {
  const { delivered, sent, stored, isHurt, isBeforeReplay } = record;
  return { step, unwritten, frames, delivered, sent, stored, isHurt, isBeforeReplay };
}

/** Ends the present step. If it changed the state and did not append its input, it applied an input that was never written. */
function afterStep(record: NodeRecord, node: string, observer: Observer): NodeRecord {
  if (record.step === undefined) return record;
  return withStep(record, undefined, unwrittenAfter(record, node, observer));
}

function unwrittenAfter({ step, unwritten }: NodeRecord, node: string, observer: Observer): string | undefined {
  if (step === undefined) return unwritten;
  const now = coreOf(observer, node);
  return now === undefined || now === step.before || deepEqual(now, step.before) ? unwritten : inWords(step.message);
}

function inWords(message: Message): string {
  if (message.type === 'timer') return `the timer ${(message as unknown as { readonly timer: string }).timer}`;
  if (message.type !== 'input') return message.type;
  return `an input of type ${(message as unknown as { readonly input: { readonly type: string } }).input.type}`;
}

/** Notes what is appended to the log, and which files are removed. The event is emitted before the disk executes the operation. */
function written(record: NodeRecord, event: RunEvent, observer: Observer): NodeRecord {
  if (event.type !== 'effect' || event.effect.type !== 'disk') return record;
  const { operation } = event.effect;
  if (operation.type === 'remove') {
    const frames = record.frames.filter(({ file }) => file !== operation.file);
    return frames.length === record.frames.length ? record : { ...record, frames };
  }
  if (operation.type !== 'append') return record;
  const { file, bytes } = operation;
  if (file.startsWith('blocks/')) {
    const heights = framesIn(bytes).flatMap(({ kind, payload }) => (kind === frameOf.block ? (blockHeight(payload) ?? []) : []));
    const stored = Math.max(record.stored, ...heights);
    return stored === record.stored ? record : { ...record, stored };
  }
  if (!file.startsWith('wal/')) return record;
  // A node that writes to its log takes part again.
  if (record.isBeforeReplay && event.actor === 'consensus') return written({ ...record, isBeforeReplay: false }, event, observer);
  const offset = observer.fileLength(event.node, file);
  let { frames } = record;
  for (const { kind, payload, start, end } of framesIn(bytes)) {
    const key = keyIn(kind, payload);
    if (key !== undefined) frames = withFrame(frames, { key, file, start: offset + start, end: offset + end, life: event.life });
  }
  const step = isFramed(record.step, event, bytes) ? undefined : record.step;
  if (frames === record.frames && step === record.step) return record;
  return withStep(record, step, record.unwritten, frames);
}

/** Whether these bytes contain the input of the present step. Other frames of the step, such as an own message, do not count. */
function isFramed(step: NodeRecord['step'], event: RunEvent, bytes: Uint8Array): boolean {
  if (step === undefined || step.event !== event.cause) return false;
  const { message } = step;
  const expected = message.type === 'segment' ? frameOf.start : frameOf.input;
  const [said] = message.type === 'input' ? bareStatement(message) : [];
  for (const { kind, payload } of framesIn(bytes)) {
    if (kind !== expected) continue;
    if (said === undefined) return true;
    const read = statementIn(payload);
    if (read !== undefined && isSameStatement(read, said)) return true;
  }
  return false;
}

function isSameStatement(a: Statement, b: Statement): boolean {
  return (
    a.signer === b.signer &&
    a.kind === b.kind &&
    a.height === b.height &&
    a.round === b.round &&
    a.value === b.value &&
    a.polRound === b.polRound &&
    a.extension === b.extension
  );
}

/** The vote or proposal in an input; empty if the input is something else. */
function bareStatement(message: Message): readonly Statement[] {
  const { input } = message as unknown as { readonly input: WireData };
  return input.type === 'vote' || input.type === 'proposal' ? statementsIn(input) : [];
}

/** The key of the own statement or the decision in a frame; undefined for other frames. */
function keyIn(kind: number, payload: Uint8Array): string | undefined {
  if (kind === frameOf.own) {
    const statement = statementIn(payload);
    return statement === undefined ? undefined : keyOf(statement);
  }
  const decision = kind === frameOf.decided ? decisionIn(payload) : undefined;
  return decision === undefined ? undefined : decisionKey(decision);
}

function withFrame(frames: readonly Written[], frame: Written): readonly Written[] {
  const place = frames.findIndex(({ key }) => key === frame.key);
  return place < 0 ? [...frames, frame] : frames.with(place, frame);
}

const decisionKey = ({ height, round, value }: Pick<DecisionSeen, 'height' | 'round' | 'value'>): string =>
  `decision ${height}.${round} ${value}`;

/** Judges an effect that sends something, to a peer or to the application. */
function left(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings, signing: Signing): NodeRecord {
  const { node } = event;
  if (observer.isFaulty(node)) return record;
  const seen = decisionSeen(event);
  if (seen !== undefined) return decidedNow(record, seen, event, observer, findings, signing);
  let now = record;
  for (const { statement } of ownStatements(event, signing.signerOf)) {
    const key = keyOf(statement);
    if (now.sent.includes(key) || wasDelivered(now, key)) continue;
    // If two machines share a key, a statement without a frame here may be one of the other machine that this one forwards.
    if (signing.isShared && !now.frames.some((one) => one.key === key)) continue;
    now = { ...afterStep(now, node, observer), sent: [...now.sent, key] };
    findings.isExercised = true;
    const { height, kind } = statement;
    const isPromised = observer.isAbstaining(node);
    if (kind === 'precommit' && isInStore(observer, now, node, statement)) continue;
    if (isPromised) {
      findings.complain(`sent ${text(statement)} while its own promise not to vote stands on its disk`, height);
      continue;
    }
    const lack = lacking(now, event, key, observer);
    if (lack !== undefined) findings.complain(`sent ${text(statement)} ${lack}`, height);
  }
  return now;
}

/** Says what was missing when a message left; undefined if nothing was. */
function lacking(
  { unwritten, frames }: NodeRecord,
  { node, life }: RunEvent,
  key: string,
  observer: Observer,
): string | undefined {
  if (unwritten !== undefined) return `after it had applied ${unwritten}, which was never written`;
  const frame = frames.find((one) => one.key === key);
  if (frame === undefined) return 'without a frame of its own in the log';
  if (isDurable(observer, node, key, frame, life)) return undefined;
  return `before its frame was durable (${frame.file}, byte ${frame.end})`;
}

/** Whether the frame and everything before it in the file are durable. The bytes of an earlier life are read again, because a death may have changed them. */
function isDurable(observer: Observer, node: string, key: string, { file, start, end, life }: Written, now: number): boolean {
  if (!observer.isDurable(node, file, 0, end)) return false;
  if (life === now) return true;
  const bytes = observer.fileBytes(node, file)?.subarray(start, end) ?? new Uint8Array();
  return framesIn(bytes).some(({ kind, payload }) => keyIn(kind, payload) === key);
}

const segmentHeaderBytes = 48;

/**
 * Whether a durable block of the store contains this precommit; then it needs no frame. On a damaged disk the block may be lost; then every height up to
 * the highest stored one counts as stored.
 */
function isInStore(
  observer: Observer,
  { stored, isHurt }: NodeRecord,
  node: string,
  { signer, height, round, value, extension }: Statement,
): boolean {
  if (height > stored) return false;
  if (isHurt) return true;
  return observer.fileNames(node, 'blocks').some((name) => {
    const file = `blocks/${name}`;
    const bytes = observer.fileBytes(node, file)?.subarray(segmentHeaderBytes) ?? new Uint8Array();
    return framesIn(bytes).some(({ kind, payload, start, end }) => {
      if (kind !== frameOf.block || blockHeight(payload) !== height) return false;
      const decision = blockIn(payload)?.decision;
      const place = decision?.signers.indexOf(signer) ?? -1;
      const isThis =
        decision?.round === round &&
        decision.value === value &&
        place >= 0 &&
        decision.extensions[place]?.extension === extension;
      return isThis && observer.isDurable(node, file, segmentHeaderBytes + start, segmentHeaderBytes + end);
    });
  });
}

function decidedNow(
  record: NodeRecord,
  seen: DecisionSeen,
  event: RunEvent,
  observer: Observer,
  findings: Findings,
  { isKeyless }: Signing,
): NodeRecord {
  const { node } = seen;
  // A non-voting follower has nothing to log first: its decisions are certified by others.
  if (isKeyless || record.isBeforeReplay || observer.isAbstaining(node)) return record;
  const settled = afterStep(record, node, observer);
  findings.isExercised = true;
  const lack = lacking(settled, event, decisionKey(seen), observer);
  if (lack !== undefined) findings.complain(`sent decision(${seen.value}) ${lack}`, seen.height);
  return settled;
}

/** Judges a decision that is delivered to the application, by any effect. */
function toApplication(
  record: NodeRecord,
  event: RunEvent,
  observer: Observer,
  findings: Findings,
  signing: Signing,
): NodeRecord {
  if (event.type !== 'deliver' || event.message.type !== 'decide' || observer.isFaulty(event.node)) return record;
  const seen = seenIn(event.node, (event.message as unknown as { readonly decision: unknown }).decision);
  return seen === undefined ? record : decidedNow(record, seen, event, observer, findings, signing);
}

export const writeAhead: Property = {
  name: 'write-ahead',
  says: 'when a gated message leaves, every input that led to it and its own frame are durable on the disk',
  hint: 'append and flush everything that led to a message before it leaves; log every input before it is applied',
  monitor: monitorOf,
};
