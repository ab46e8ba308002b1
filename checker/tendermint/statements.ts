/**
 * Finds the votes and proposals that nodes sign and send. They are in frames that a node appends to its log, and in data that it sends: by themselves,
 * or inside certificates, answers of value sync and proofs. Only the content counts, and not the labels that a node puts on an effect.
 */
import type { WireData } from '../../core/effects.ts';
import type { RunEvent } from '../../core/events.ts';
import { Memo } from '../../core/memo.ts';
import { extensionOf, frameOf, framesIn, type Statement, statementIn } from './decode.ts';
import type { SignerOf } from './keys.ts';

/** A statement that is signed with the node's own key. The node appends it to its log, or sends it. */
export interface Sighting {
  readonly statement: Statement;
  /** The node sends it, to at least one peer. */
  readonly hasLeft: boolean;
  /** It is a vote or proposal by itself, and not inside a certificate, a block or a proof. */
  readonly isBare: boolean;
}

const none: readonly Sighting[] = [];
const nothingSaid: readonly Statement[] = [];
/** The last event and its statements are kept, because several monitors ask about one event in a row. */
let asked: RunEvent | undefined;
let askedBy: SignerOf | undefined;
let found: readonly Sighting[] = none;

/** The statements with the node's own key that this event appends to the log or sends. Without `signerOf` the key is the node's name. */
export function ownStatements(event: RunEvent, signerOf?: SignerOf): readonly Sighting[] {
  if (event !== asked || signerOf !== askedBy) {
    found = findOwn(event, signerOf);
    asked = event;
    askedBy = signerOf;
  }
  return found;
}

function findOwn(event: RunEvent, signerOf: SignerOf | undefined): readonly Sighting[] {
  if (event.type !== 'effect') return none;
  const { effect, node } = event;
  if (effect.type === 'transmit') {
    if (effect.to.length === 0) return none;
    const said = own(statementsIn(effect.data), signerOf?.(node) ?? node);
    if (said.length === 0) return none;
    const isBare = effect.data.type === 'vote' || effect.data.type === 'proposal';
    return said.map((statement) => ({ statement, hasLeft: true, isBare }));
  }
  if (effect.type !== 'disk' || effect.operation.type !== 'append' || !effect.operation.file.startsWith('wal/')) return none;
  const key = signerOf?.(node) ?? node;
  const sightings: Sighting[] = [];
  for (const { kind, payload } of framesIn(effect.operation.bytes)) {
    const statement = kind === frameOf.own ? statementIn(payload) : undefined;
    if (statement?.signer === key) sightings.push({ statement, hasLeft: false, isBare: true });
  }
  return sightings;
}

export function own(statements: readonly Statement[], key: string): readonly Statement[] {
  // Most messages have none; then no new list is made.
  for (const { signer } of statements) if (signer === key) return statements.filter((one) => one.signer === key);
  return nothingSaid;
}

const statementsKnown = new Memo((data: WireData) => readStatements(data as unknown as Fields));

/** All votes and proposals in data that is sent, by any signer. */
export function statementsIn(data: WireData): readonly Statement[] {
  return statementsKnown.of(data);
}

type Fields = Readonly<Record<string, unknown>>;

function readStatements(data: Fields): readonly Statement[] {
  const { type, height, round, value } = data;
  if (type === 'vote' && (data['voteType'] === 'prevote' || data['voteType'] === 'precommit'))
    return withExtension(signedBy(data['validator'], data['voteType'], data), data['extension']);
  if (type === 'proposal') return signedBy(data['proposer'], 'proposal', data);
  if (type === 'polkaCertificate') return signers(data['votes'], 'prevote', { height, round, value });
  if (type === 'commitCertificate') return signers(data['votes'], 'precommit', { height, round, value });
  if (type === 'roundCertificate') return listOf(data['votes']).flatMap((vote) => readStatements(vote as Fields));
  if (type === 'sync.response') return listOf(data['blocks']).flatMap(ofDecision);
  if (type === 'height.answer') return ofDecision(data['proof']);
  return Object.values(data).flatMap(anywhereIn);
}

/** Searches a message of unknown type at any depth: a vote that is sent counts, inside any message. */
function anywhereIn(value: unknown): readonly Statement[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return nothingSaid;
  if (Array.isArray(value)) return value.flatMap(anywhereIn);
  const fields = value as Fields;
  const isDecision = fields['type'] === undefined && typeof fields['value'] === 'string' && Array.isArray(fields['votes']);
  return isDecision ? ofDecision(fields) : readStatements(fields);
}

/** The precommits in the certificate of a decision. */
export function ofDecision(decision: unknown): readonly Statement[] {
  if (typeof decision !== 'object' || decision === null) return [];
  return signers((decision as Fields)['votes'], 'precommit', decision as Fields);
}

function signers(votes: unknown, kind: 'prevote' | 'precommit', place: Fields): readonly Statement[] {
  return listOf(votes).flatMap((entry) => (Array.isArray(entry) ? withExtension(signedBy(entry[0], kind, place), entry[2]) : []));
}

function withExtension(statements: readonly Statement[], pair: unknown): readonly Statement[] {
  return pair === undefined ? statements : statements.map((statement) => ({ ...statement, ...extensionOf(pair) }));
}

function signedBy(signer: unknown, kind: Statement['kind'], { height, round, value, polRound }: Fields): readonly Statement[] {
  if (typeof signer !== 'string' || typeof height !== 'number' || typeof round !== 'number') return [];
  if (value !== null && typeof value !== 'string') return [];
  return [{ signer, kind, height, round, value, polRound: typeof polRound === 'number' ? polRound : -1 }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A key: equal keys mean equal statements of the same signer. */
export function keyOf({ signer, kind, height, round, value, polRound, extension }: Statement): string {
  const key = `${signer} ${kind} ${height}.${round} ${value === null ? 'nil' : `= ${value}`} ${polRound}`;
  return extension === undefined ? key : `${key} extended ${extension}`;
}

/** The statement as text for a message, without the signer and the place. */
export function text({ kind, value, polRound }: Statement): string {
  return kind === 'proposal' ? `proposal(${value}, polRound ${polRound})` : `${kind}(${value ?? 'nil'})`;
}

export interface DecisionSeen {
  readonly node: string;
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly data: Uint8Array;
  readonly signers: readonly string[];
}

let askedDecision: RunEvent | undefined;
let foundDecision: DecisionSeen | undefined;

/** The decision that this event sends to the application; undefined if it sends none. */
export function decisionSeen(event: RunEvent): DecisionSeen | undefined {
  if (event.type !== 'effect' || event.effect.type !== 'host.decide') return undefined;
  if (event !== askedDecision) {
    foundDecision = seenIn(event.node, event.effect.decision);
    askedDecision = event;
  }
  return foundDecision;
}

export function seenIn(node: string, decision: unknown): DecisionSeen | undefined {
  if (typeof decision !== 'object' || decision === null) return undefined;
  const { height, round, value, data, votes } = decision as Fields;
  if (typeof height !== 'number' || typeof round !== 'number' || typeof value !== 'string') return undefined;
  const names = listOf(votes).flatMap((entry) => (Array.isArray(entry) && typeof entry[0] === 'string' ? [entry[0]] : []));
  return { node, height, round, value, data: data instanceof Uint8Array ? data : new Uint8Array(), signers: names };
}

/** The kinds of events to watch: those in which nodes sign or send, and those in which they decide. */
export const whereSigned = ['disk append', 'effect transmit'] as const;
export const whereDecided = ['effect host.decide'] as const;

/** Whether this data is a vote or proposal by itself, signed with this key. */
export function isOwnMessage(data: WireData, key: string): boolean {
  if (data.type !== 'vote' && data.type !== 'proposal') return false;
  return statementsIn(data).some(({ signer }) => signer === key);
}
