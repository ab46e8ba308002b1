/**
 * `finalization`: where nodes wait after a decision, the certificate that ends a height has each precommit for it that the node has heard in this life. It is not
 * written before the period is over. A decision that was reported is durable, and is the one that ends the height.
 *
 * A height that a certificate of the peers has decided is not judged: it ends at once. What a node has heard is taken from the messages to its consensus actor
 * and from replayed frames, and not from its state.
 */
import type { Message } from '../../core/effects.ts';
import type { Monitor, Observer, Property, RunEvent, Setting } from '../../core/events.ts';
import { relevantOf, unjudged, verdictOf } from '../judged.ts';
import { type Findings, lookByNode, type NodeRecords } from '../node/node-records.ts';
import { decisionIn, frameOf, framesIn, type Statement, votesIn } from './decode.ts';
import { isFaultyKey } from './keys.ts';
import { statementsIn } from './statements.ts';

interface NodeRecord {
  readonly height: number;
  /** The precommits for values of this height that the node has heard in this life. */
  readonly heard: readonly Heard[];
  /** Those of later heights. The node may keep them until it comes there, or drop them. */
  readonly ahead: readonly (Heard & { readonly height: number })[];
  /** When a quorum for one value was heard first (microseconds). */
  readonly quorumAt: number | undefined;
  /** A certificate of the peers has come, or a fault has ended a timer early. */
  readonly isExcused: boolean;
  /** An earlier life has waited for the whole period, and its log says so. */
  readonly hasWaited: boolean;
  /** Recovery has found frames, and their replay is not over. The node may drop what its peers send meanwhile. */
  readonly isReplaying: boolean;
  /** The decision that the node has reported and not ended its height with. It outlives a death. */
  readonly reported: { readonly height: number; readonly value: string } | undefined;
  /** The disk of the node was damaged, or it has failed. */
  readonly isHurt: boolean;
  /** How much faster than true time its clock was at most, in thousandths. */
  readonly fastPerMille: number;
}

interface Heard {
  readonly signer: string;
  readonly round: number;
  readonly value: string;
  /** It arrived alone, at its height and after the replay, so the node must have counted it. A round certificate that comes in the period is dropped. */
  readonly isBare: boolean;
}

const nothingHeard: NodeRecord = {
  height: 0,
  heard: [],
  ahead: [],
  quorumAt: undefined,
  isExcused: false,
  hasWaited: false,
  isReplaying: false,
  reported: undefined,
  isHurt: false,
  fastPerMille: 0,
};

function monitorOf(setting: Setting): Monitor<NodeRecords<NodeRecord>> {
  return {
    watches: ['deliver consensus', 'disk append', 'observe decided', 'death', 'stopped', 'fault'],
    start: { ...unjudged, nodes: setting.nodes.map(() => nothingHeard) },
    look: lookByNode(setting, (record, event, observer, findings) => look(record, event, observer, findings, setting)),
    finish: (memory) => verdictOf(memory, 'nobody ended a height by votes'),
    relevant: (memory, now) =>
      relevantOf({
        ...memory,
        nodes: memory.nodes.map(({ quorumAt, ...record }) => [record, quorumAt === undefined ? -1 : now - quorumAt]),
      }),
  };
}

function look(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings, setting: Setting): NodeRecord {
  switch (event.type) {
    case 'death':
    case 'stopped':
      return { ...nothingHeard, reported: record.reported, isHurt: record.isHurt, fastPerMille: record.fastPerMille };
    case 'fault':
      return afterFault(record, event);
    case 'deliver':
      return event.actor === 'consensus' ? delivered(record, event.message, event, setting) : record;
    case 'effect':
      if (event.effect.type === 'observe') return reported(record, event, event.effect.detail, observer, findings, setting);
      return event.effect.type === 'disk' && event.effect.operation.type === 'append'
        ? written(record, event, event.effect.operation, observer, findings, setting)
        : record;
    default:
      return record;
  }
}

function afterFault(record: NodeRecord, { kind, detail }: RunEvent & { readonly type: 'fault' }): NodeRecord {
  const { perMille } = detail;
  if (kind === 'drift' && typeof perMille === 'number')
    return { ...record, fastPerMille: Math.max(record.fastPerMille, -perMille) };
  return kind === 'timer' ? { ...record, isExcused: true } : { ...record, isHurt: true };
}

function delivered(record: NodeRecord, message: Message, event: RunEvent, setting: Setting): NodeRecord {
  const { type, height, frames, input, kind, payload } = message as Message & Readonly<Record<string, unknown>>;
  if (type === 'segment') return atHeight(record, Number(height), event, setting);
  if (type === 'recovered') return { ...atHeight(record, Number(height), event, setting), isReplaying: Number(frames) > 0 };
  if (type === 'replay.end') return { ...record, isReplaying: false };
  if (type === 'replay.frame' && payload instanceof Uint8Array && (kind === 'input' || kind === 'own'))
    return replayed(record, payload, event, setting);
  if (type !== 'input') return record;
  const data = input as Message;
  // Before a delayed replay a node logs nothing, so there is no frame that shows this decision.
  if (data.type === 'synced') return bringsHeight(data, record.height) ? { ...record, isExcused: true } : record;
  if (data.type === 'commitCertificate' && record.isReplaying)
    return (data as { readonly height?: unknown }).height === record.height ? { ...record, isExcused: true } : record;
  if (data.type !== 'vote' && data.type !== 'roundCertificate') return record;
  return heardAll(record, statementsIn(data), data.type === 'vote' && !record.isReplaying, event, setting);
}

/** A height begins. A quorum that was heard before may decide it at once. */
function atHeight(record: NodeRecord, height: number, { time }: RunEvent, setting: Setting): NodeRecord {
  const all = record.ahead.filter((one) => one.height === height);
  const isQuorum = all.some(({ round, value }) => isQuorumOf(all, round, value, height, setting));
  return {
    ...record,
    height,
    heard: all,
    ahead: record.ahead.filter((one) => one.height > height),
    quorumAt: isQuorum ? time : undefined,
    isExcused: false,
    hasWaited: false,
  };
}

/** Whether an answer of value sync has the decision of this height. */
function bringsHeight({ decisions }: Message & { readonly decisions?: unknown }, height: number): boolean {
  return Array.isArray(decisions) && decisions.some((one: { readonly height?: unknown }) => one.height === height);
}

/** The first item of a frame with a commit certificate. */
const commitKind = 7;
/** The first item of a frame with a round certificate. */
const roundKind = 8;

/** A frame of the log. The end of a period is an array that begins with 5 and 3. */
function replayed(record: NodeRecord, payload: Uint8Array, event: RunEvent, setting: Setting): NodeRecord {
  if (payload[1] === commitKind) return { ...record, isExcused: true };
  if (payload[1] === 5 && payload[2] === 3) return { ...record, hasWaited: true };
  return heardAll(record, votesIn(payload), payload[1] !== roundKind, event, setting);
}

/** Votes of far rounds wait, and may be dropped for newer ones. */
const farRound = 8;

function heardAll(
  record: NodeRecord,
  statements: readonly Statement[],
  isBare: boolean,
  event: RunEvent,
  setting: Setting,
): NodeRecord {
  return statements.reduce((now, statement) => heard(now, statement, isBare, event, setting), record);
}

function heard(record: NodeRecord, statement: Statement, isBare: boolean, event: RunEvent, setting: Setting): NodeRecord {
  const { kind, height, round, value, signer } = statement;
  if (kind !== 'precommit' || value === null || height < record.height || round > farRound) return record;
  if (height > record.height) {
    const isKnown = record.ahead.some((one) => one.height === height && one.signer === signer && one.round === round);
    return isKnown ? record : { ...record, ahead: [...record.ahead, { height, signer, round, value, isBare: false }] };
  }
  const before = record.heard.find((one) => one.signer === signer && one.round === round);
  if (before !== undefined && (before.isBare || !isBare)) return record;
  const all = [...record.heard.filter((one) => one !== before), { signer, round, value, isBare }];
  const isQuorum = isQuorumOf(all, round, value, height, setting);
  return { ...record, heard: all, quorumAt: record.quorumAt ?? (isQuorum ? event.time : undefined) };
}

function isQuorumOf(all: readonly Heard[], round: number, value: string, height: number, { powers }: Setting): boolean {
  const at = powers(height);
  const signers = new Set(all.filter((one) => one.round === round && one.value === value).map(({ signer }) => signer));
  const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + (at.get(name) ?? 0), 0);
  return 3 * sum(signers) > 2 * sum(at.keys());
}

/** The node says that it has decided. A loss of power must not take that back. */
function reported(
  record: NodeRecord,
  { node }: RunEvent,
  detail: Readonly<Record<string, unknown>>,
  observer: Observer,
  findings: Findings,
  setting: Setting,
): NodeRecord {
  const { height, round, value } = detail;
  if (typeof height !== 'number' || typeof round !== 'number' || typeof value !== 'string') return record;
  if (observer.isFaulty(node) || record.isExcused || !hasLog(setting, node) || observer.isAbstaining(node)) return record;
  const durable = durablePrecommits(observer, node, height);
  if (!isQuorumOf(durable, round, value, height, setting))
    findings.complain(`reported that ${value} is decided before a quorum of its precommits was durable`, height);
  return { ...record, reported: { height, value } };
}

function hasLog({ configurations }: Setting, node: string): boolean {
  return (configurations.get(node) as { readonly hasKey?: boolean } | undefined)?.hasKey !== false;
}

const segmentHeaderBytes = 48;

function durablePrecommits(observer: Observer, node: string, height: number): readonly Heard[] {
  return observer.fileNames(node, 'wal').flatMap((name) => {
    const file = `wal/${name}`;
    const bytes = observer.fileBytes(node, file)?.subarray(segmentHeaderBytes) ?? new Uint8Array();
    return framesIn(bytes).flatMap(({ kind, payload, end }): readonly Heard[] => {
      if (kind !== frameOf.input && kind !== frameOf.own) return [];
      if (!observer.isDurable(node, file, 0, segmentHeaderBytes + end)) return [];
      return votesIn(payload).flatMap(({ kind: type, height: at, signer, round, value }): readonly Heard[] =>
        type === 'precommit' && value !== null && at === height ? [{ signer, round, value, isBare: true }] : [],
      );
    });
  });
}

/** An own precommit counts as heard. A decision ends the height. */
function written(
  record: NodeRecord,
  event: RunEvent & { readonly type: 'effect' },
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  observer: Observer,
  findings: Findings,
  setting: Setting,
): NodeRecord {
  if (event.actor !== 'consensus' || !file.startsWith('wal/') || observer.isFaulty(event.node)) return record;
  let next = record;
  for (const { kind, payload } of framesIn(bytes)) {
    if (kind === frameOf.input && payload[1] === commitKind) next = { ...next, isExcused: true };
    if (kind === frameOf.own) next = heardAll(next, votesIn(payload), true, event, setting);
    const decision = kind === frameOf.decided ? decisionIn(payload) : undefined;
    if (decision === undefined || decision.height !== next.height) continue;
    const { height, round, value, signers } = decision;
    if (next.reported?.height === height && next.reported.value !== value && !next.isHurt)
      findings.complain(`reported that ${next.reported.value} is decided, and ended the height with ${value}`, height);
    if (!next.isExcused) ended(next, event, { height, round, value, signers }, observer, findings, setting);
    next = { ...next, reported: undefined };
  }
  return next;
}

function ended(
  { heard: all, quorumAt, hasWaited, fastPerMille }: NodeRecord,
  { time, node }: RunEvent,
  { height, round, value, signers }: { height: number; round: number; value: string; signers: readonly string[] },
  observer: Observer,
  findings: Findings,
  setting: Setting,
): void {
  const owed = all.filter((one) => one.isBare && one.round === round && one.value === value);
  // A liar may have sent two precommits, of which the first counts.
  const missing = owed.find(
    ({ signer }) => !signers.includes(signer) && setting.powers(height).has(signer) && !isFaultyKey(observer, setting, signer),
  );
  findings.isExercised = true;
  if (missing !== undefined)
    findings.complain(`ended the height without the precommit of ${missing.signer}, which it had heard`, height);
  const periodMs = (periodOf(setting, node) * (1000 - fastPerMille)) / 1000;
  if (!hasWaited && quorumAt !== undefined && time - quorumAt < Math.floor(periodMs * 1000))
    findings.complain(
      `ended the height ${Math.round((time - quorumAt) / 1000)} ms after a quorum of precommits, and the finalization period is ${Math.round(periodMs)} ms`,
      height,
    );
}

function periodOf({ configurations }: Setting, node: string): number {
  return (configurations.get(node) as { readonly finalizationMs?: number } | undefined)?.finalizationMs ?? 0;
}

export const finalization: Property = {
  name: 'finalization',
  says: 'where nodes wait after a decision, what is reported as decided is durable; a height ends after the period, with that value and each precommit for it that has come',
  hint: 'report a decision when its precommits are durable, count what comes in the period, and set the timer again after a restart',
  monitor: monitorOf,
};
