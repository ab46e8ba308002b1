/** The names by which scenarios call events and sites. A protocol of your own may report more events; sites are the node's, and all are here. */
import type { Lifecycle, RefusalCode } from '../actors/node/index.ts';
import { signedKinds } from './signers.ts';

/** Effects that touch disk, wire, timer or host, of a node of any protocol. */
export const sites = [
  'boot.list',
  'boot.read',
  'replay.frame',
  'segment.create',
  'segment.open',
  'segment.prune',
  'store.create',
  'store.open',
  'store.append',
  'store.flush',
  'wal.append',
  'wal.flush',
  'wal.attest',
  'signer.write',
  'app.write',
  'app.flush',
  'app.prune',
  'abstain.write',
  'publish',
  'send',
  'relay',
  'timer.set',
  'timer.cancel',
  'value.get',
  'decided',
] as const;

/** Events of any node. */
export const eventsOfAnyNode = [
  'publish',
  'wal.append',
  'wal.flush',
  'crash',
  'kill',
  'restart',
  'stopped',
  'lifecycle',
  'judged',
  'recovered',
  'height.restart',
  'replay.delayed',
  'replay.skipped',
  'replay.begin',
  'replay.end',
  'vote.cast',
  'sign.refused',
  'input.refused',
  'abstain.begin',
  'abstain.until',
  'abstain.end',
  'store.anew',
  'app.restored',
  'app.replayed',
  'app.anew',
  'blocks.pruned',
  'mark',
] as const;

/** What the definitions of the protocols that ship report. */
export const tendermintEvents = [
  'received',
  'proposal.local',
  'height.start',
  'round.start',
  'timeout',
  'locked',
  'decided',
  'finalized',
  'evidence',
] as const;
export const raftEvents = [
  'elected',
  'committed',
  'snapshot.taken',
  'snapshot.installed',
  'prevote.asked',
  'prevote.refused',
  'member.added',
  'member.removed',
] as const;

type MessageField = 'type' | 'height' | 'round' | 'value';
type VoteField = 'height' | 'round' | 'value';
type RefusedField = MessageField | 'code';
type DeathField = 'at' | 'lostBytes';

/**
 * What an event says of itself, and a `where` may ask for. Fields of other events are the protocol's own (`replay.end` adds its summary).
 */
interface EventFields {
  publish: MessageField;
  'vote.cast': MessageField;
  'sign.refused': RefusedField;
  'input.refused': MessageField;
  'proposal.local': MessageField;
  received: MessageField | 'from';
  'wal.append': 'frame';
  'wal.flush': never;
  crash: DeathField;
  kill: DeathField;
  restart: 'life';
  stopped: 'reason' | 'code';
  lifecycle: 'state' | 'from';
  judged: 'lostBytes';
  recovered: 'row' | 'height' | 'frames';
  'height.restart': 'height';
  'replay.delayed': 'height' | 'frames';
  'replay.skipped': 'height' | 'frames';
  'replay.begin': 'height' | 'frames';
  'abstain.begin': 'life' | 'from' | 'until' | 'reason';
  'abstain.until': 'until';
  'abstain.end': 'height';
  'store.anew': 'reason';
  'app.restored': 'height' | 'behind';
  'app.replayed': 'height';
  'app.anew': 'reason';
  'blocks.pruned': 'to' | 'height' | 'oldest';
  mark: 'name';
  'height.start': 'height';
  'round.start': 'height' | 'round';
  timeout: 'height' | 'round' | 'step';
  locked: VoteField;
  decided: VoteField;
  finalized: VoteField | 'signers' | 'grew' | 'evidence';
  evidence: 'kind' | 'validator' | 'height' | 'round' | 'first' | 'second';
  elected: 'term';
  committed: 'index';
  'snapshot.taken': 'index';
  'snapshot.installed': 'index';
  'prevote.asked': 'term';
  'prevote.refused': 'candidate' | 'term';
  'member.added': 'index' | 'member';
  'member.removed': 'index' | 'member';
}

const message: readonly MessageField[] = ['type', 'height', 'round', 'value'];
const death: readonly DeathField[] = ['at', 'lostBytes'];
const vote: readonly VoteField[] = ['height', 'round', 'value'];

const fields: { readonly [Name in keyof EventFields]: readonly EventFields[Name][] } = {
  publish: message,
  'vote.cast': message,
  'sign.refused': [...message, 'code'],
  'input.refused': message,
  'proposal.local': message,
  received: [...message, 'from'],
  'wal.append': ['frame'],
  'wal.flush': [],
  crash: death,
  kill: death,
  restart: ['life'],
  stopped: ['reason', 'code'],
  lifecycle: ['state', 'from'],
  judged: ['lostBytes'],
  recovered: ['row', 'height', 'frames'],
  'height.restart': ['height'],
  'replay.delayed': ['height', 'frames'],
  'replay.skipped': ['height', 'frames'],
  'replay.begin': ['height', 'frames'],
  'abstain.begin': ['life', 'from', 'until', 'reason'],
  'abstain.until': ['until'],
  'abstain.end': ['height'],
  'store.anew': ['reason'],
  'app.restored': ['height', 'behind'],
  'app.replayed': ['height'],
  'app.anew': ['reason'],
  'blocks.pruned': ['to', 'height', 'oldest'],
  mark: ['name'],
  'height.start': ['height'],
  'round.start': ['height', 'round'],
  timeout: ['height', 'round', 'step'],
  locked: vote,
  decided: vote,
  finalized: [...vote, 'signers', 'grew', 'evidence'],
  evidence: ['kind', 'validator', 'height', 'round', 'first', 'second'],
  elected: ['term'],
  committed: ['index'],
  'snapshot.taken': ['index'],
  'snapshot.installed': ['index'],
  'prevote.asked': ['term'],
  'prevote.refused': ['candidate', 'term'],
  'member.added': ['index', 'member'],
  'member.removed': ['index', 'member'],
};

/** The fields that are known of events that are known. */
export const fieldsOfEvents: Readonly<Record<string, readonly string[]>> = fields;

const votes = ['prevote', 'precommit'] as const;
const wireTypes = ['proposal', ...votes, 'polkaCertificate', 'commitCertificate', 'roundCertificate'] as const;
const refusals: readonly RefusalCode[] = ['CONFLICT', 'REGRESSION', 'UNAVAILABLE'];
const lifecycles: readonly Lifecycle[] = ['down', 'recovering', 'delayed', 'replaying', 'running', 'abstaining', 'halted'];

/** The words of fields that hold one of few words, as Tendermint's nodes report them. */
export const wordsOfFields: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  publish: { type: wireTypes },
  received: { type: wireTypes },
  'vote.cast': { type: votes },
  'sign.refused': { type: signedKinds, code: refusals },
  'proposal.local': { type: ['proposal'] },
  lifecycle: { state: lifecycles, from: lifecycles },
  timeout: { step: ['propose', ...votes] },
  evidence: { kind: ['proposal', ...votes] },
};
/** Fields that are whole numbers, in all events that ship. */
export const numberFields: readonly string[] = [
  'height',
  'round',
  'frame',
  'frames',
  'life',
  'lostBytes',
  'until',
  'oldest',
  'term',
  'index',
  'behind',
];

export type SiteName = (typeof sites)[number];
/** An event by its name: of any node, or of the protocols that ship. `ownEvent` names one of a protocol of your own. */
export type EventName = (typeof eventsOfAnyNode)[number] | TendermintEvent | RaftEvent;
/** What may be asked of an event. */
export type WhereOf<Name extends EventName> = Name extends keyof EventFields
  ? { readonly [Field in EventFields[Name]]?: unknown }
  : Readonly<Record<string, unknown>>;
type TendermintEvent = (typeof tendermintEvents)[number];
type RaftEvent = (typeof raftEvents)[number];
