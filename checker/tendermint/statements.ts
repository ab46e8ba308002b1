/**
 * What nodes sign and send, read from content alone. It is in own frames that are appended to the log, and in what goes over the wire:
 * votes and proposals, bare or inside certificates, answers to value sync and proofs. The labels that a node puts on an effect count
 * nothing.
 */
import type { WireData } from '../../core/effects.ts';
import type { RunEvent } from '../../core/events.ts';
import { Memo } from '../../core/memo.ts';
import { frameOf, framesIn, type Statement, statementIn } from './decode.ts';
import type { SignerOf } from './keys.ts';

/** A statement by the key of the node itself: framed in its log, or on its way to another node. */
export interface Sighting {
  readonly statement: Statement;
  readonly hasLeft: boolean;
  /** A vote or proposal by itself, and not inside a certificate, a block or a proof. */
  readonly isBare: boolean;
}

const none: readonly Sighting[] = [];
const nothingSaid: readonly Statement[] = [];
/** Several monitors ask about one event, one after another. */
let asked: RunEvent | undefined;
let askedBy: SignerOf | undefined;
let found: readonly Sighting[] = none;

/** The statements by the node's own key (default: by its own name) that this event frames or sends. */
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
  // Most have none: that costs no new list.
  for (const { signer } of statements) if (signer === key) return statements.filter((one) => one.signer === key);
  return nothingSaid;
}

const statementsKnown = new Memo((data: WireData) => readStatements(data as unknown as Fields));

/** All votes and proposals in what goes over the wire, by any signer. */
export function statementsIn(data: WireData): readonly Statement[] {
  return statementsKnown.of(data);
}

type Fields = Readonly<Record<string, unknown>>;

function readStatements(data: Fields): readonly Statement[] {
  const { type, height, round, value } = data;
  if (type === 'vote' && (data['voteType'] === 'prevote' || data['voteType'] === 'precommit'))
    return signedBy(data['validator'], data['voteType'], data);
  if (type === 'proposal') return signedBy(data['proposer'], 'proposal', data);
  if (type === 'polkaCertificate') return signers(data['votes'], 'prevote', { height, round, value });
  if (type === 'commitCertificate') return signers(data['votes'], 'precommit', { height, round, value });
  if (type === 'roundCertificate') return listOf(data['votes']).flatMap((vote) => readStatements(vote as Fields));
  if (type === 'sync.response') return listOf(data['blocks']).flatMap(ofDecision);
  if (type === 'height.answer') return ofDecision(data['proof']);
  return Object.values(data).flatMap(anywhereIn);
}

/** Whatever a message is called and however deep it holds them: a vote is out once it is on the wire. */
function anywhereIn(value: unknown): readonly Statement[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return nothingSaid;
  if (Array.isArray(value)) return value.flatMap(anywhereIn);
  const fields = value as Fields;
  const isDecision = fields['type'] === undefined && typeof fields['value'] === 'string' && Array.isArray(fields['votes']);
  return isDecision ? ofDecision(fields) : readStatements(fields);
}

/** A decision carries the precommits of its certificate. */
export function ofDecision(decision: unknown): readonly Statement[] {
  if (typeof decision !== 'object' || decision === null) return [];
  return signers((decision as Fields)['votes'], 'precommit', decision as Fields);
}

function signers(votes: unknown, kind: 'prevote' | 'precommit', place: Fields): readonly Statement[] {
  return listOf(votes).flatMap((entry) => (Array.isArray(entry) ? signedBy(entry[0], kind, place) : []));
}

function signedBy(signer: unknown, kind: Statement['kind'], { height, round, value, polRound }: Fields): readonly Statement[] {
  if (typeof signer !== 'string' || typeof height !== 'number' || typeof round !== 'number') return [];
  if (value !== null && typeof value !== 'string') return [];
  return [{ signer, kind, height, round, value, polRound: typeof polRound === 'number' ? polRound : -1 }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** One text for each statement: equal texts mean the same words of the same signer. */
export function keyOf({ signer, kind, height, round, value, polRound }: Statement): string {
  return `${signer} ${kind} ${height}.${round} ${value === null ? 'nil' : `= ${value}`} ${polRound}`;
}

/** What is said, in words. */
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

/** A decision on its way to the application. */
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

/** The events in which nodes sign or send, and those in which they decide. */
export const whereSigned = ['disk append', 'effect transmit'] as const;
export const whereDecided = ['effect host.decide'] as const;

/** Whether what is on the wire is a vote or proposal that was signed with this key, by itself. */
export function isOwnMessage(data: WireData, key: string): boolean {
  if (data.type !== 'vote' && data.type !== 'proposal') return false;
  return statementsIn(data).some(({ signer }) => signer === key);
}
