/**
 * Encodes and decodes inputs and decisions on disk. They are CBOR arrays with fixed places, and the first item is a kind number. Each decoded item is
 * checked; wrong data throws `PayloadError`.
 */

import { bufferCopy } from '../../core/buffer-pool.ts';
import { Encoder, refuseHostile } from '../../core/cbor.ts';
import { Memo } from '../../core/memo.ts';
import { PayloadError } from '../node/definition.ts';
import type {
  CommitCertificate,
  Decision,
  PolkaCertificate,
  SignatureOf,
  TendermintInput,
  TendermintMessage,
  TimerKind,
  ValidatorPower,
  Vote,
} from './types.ts';

const cbor = new Encoder({ useRecords: false, tagUint8Array: false });
const kinds = {
  start: 1,
  vote: 2,
  proposal: 3,
  value: 4,
  timeout: 5,
  polka: 6,
  commit: 7,
  round: 8,
  decision: 9,
  extension: 10,
} as const;
const timeoutKinds: readonly TimerKind[] = ['propose', 'prevote', 'precommit', 'finalize'];

/** Cached encodings of votes: all nodes log the same vote. */
const encodedVotes = new Memo((vote: Vote) => pack(voteFields(vote)));

export function encodeInput(input: TendermintInput): Uint8Array {
  return input.type === 'vote' ? encodedVotes.of(input) : pack(fieldsOf(input));
}

function fieldsOf(input: TendermintInput): readonly unknown[] {
  switch (input.type) {
    case 'start':
      return [kinds.start, input.height, input.validators, input.rules];
    case 'vote':
      return voteFields(input);
    case 'proposal': {
      const { height, round, value, data, polRound, proposer, signature, validity } = input;
      return [kinds.proposal, height, round, value, data, polRound, proposer, signature, validity === true];
    }
    case 'value':
      return [kinds.value, input.height, input.round, input.value, input.data];
    case 'extension':
      return [kinds.extension, input.height, input.round, input.value, input.bytes];
    case 'timeout':
      return [kinds.timeout, timeoutKinds.indexOf(input.kind), input.round];
    case 'polkaCertificate':
      return [kinds.polka, input.height, input.round, input.value, input.votes];
    case 'commitCertificate':
      return [kinds.commit, input.height, input.round, input.value, input.votes, input.data ?? null];
    case 'roundCertificate':
      return [kinds.round, input.height, input.round, input.votes.map(voteFields)];
    default:
      throw new Error(`an input of type ${input.type} is never logged`);
  }
}

export function decodeInput(bytes: Uint8Array): TendermintInput {
  const f = unpack(bytes);
  switch (f[0]) {
    case kinds.start:
      return { type: 'start', height: count(f, 1), validators: list(f, 2).map(validatorPower), rules: text(f, 3) };
    case kinds.vote:
      return voteOf(f);
    case kinds.proposal: {
      const place = { height: count(f, 1), round: count(f, 2), value: text(f, 3), data: binary(f, 4) };
      if (typeof f[8] !== 'boolean') throw wrong(8, 'true or false');
      return { type: 'proposal', ...place, polRound: whole(f, 5), proposer: text(f, 6), signature: binary(f, 7), validity: f[8] };
    }
    case kinds.value:
      return { type: 'value', height: count(f, 1), round: count(f, 2), value: text(f, 3), data: binary(f, 4) };
    case kinds.extension:
      return { type: 'extension', height: count(f, 1), round: count(f, 2), value: text(f, 3), bytes: binary(f, 4) };
    case kinds.timeout: {
      const kind = timeoutKinds[count(f, 1)];
      if (kind === undefined) throw wrong(1, 'a kind of timer');
      return { type: 'timeout', kind, round: count(f, 2) };
    }
    case kinds.polka:
      return { type: 'polkaCertificate', ...certificateOf(f) } satisfies PolkaCertificate;
    case kinds.commit: {
      const certificate: CommitCertificate = { type: 'commitCertificate', ...certificateOf(f) };
      return f[5] === null ? certificate : { ...certificate, data: binary(f, 5) };
    }
    case kinds.round: {
      const votes = list(f, 3).map((fields) => {
        if (!Array.isArray(fields)) throw wrong(3, 'a list of votes');
        return voteOf(fields);
      });
      return { type: 'roundCertificate', height: count(f, 1), round: count(f, 2), votes };
    }
    default:
      throw new PayloadError(`an input begins with a kind from 1 to 8, or with 10, not ${String(f[0])}`);
  }
}

export function encodeDecision({ height, round, value, data, votes }: Decision): Uint8Array {
  return pack([kinds.decision, height, round, value, votes, data]);
}

export function decodeDecision(bytes: Uint8Array): Decision {
  const f = unpack(bytes);
  if (f[0] !== kinds.decision) throw new PayloadError('a decision begins with kind 9');
  const { height, round, value, votes } = certificateOf(f);
  return { height, round, value, votes, data: binary(f, 5) };
}

/** The bytes that a signature covers: kind, height, round and value, and the polRound of a proposal. The signer is not among them; the key identifies it. */
export function signedBytes(message: TendermintMessage): Uint8Array {
  const { height, round, value } = message;
  const kind = message.type === 'vote' ? message.voteType : `proposal ${message.polRound}`;
  const covered = `${kind} ${height} ${round} ${value === null ? 'nil' : `= ${value}`}`;
  const bytes = new Uint8Array(covered.length);
  for (let i = 0; i < covered.length; i += 1) bytes[i] = covered.charCodeAt(i);
  return bytes;
}

function voteFields({ voteType, height, round, value, validator, signature, extension }: Vote): readonly unknown[] {
  return [kinds.vote, voteType === 'prevote' ? 0 : 1, height, round, value, validator, signature, ...(extension ?? [])];
}

function voteOf(f: readonly unknown[]): Vote {
  if (f[1] !== 0 && f[1] !== 1) throw wrong(1, '0 (prevote) or 1 (precommit)');
  const vote: Vote = {
    type: 'vote',
    voteType: f[1] === 0 ? 'prevote' : 'precommit',
    height: count(f, 2),
    round: count(f, 3),
    value: f[4] === null ? null : text(f, 4),
    validator: text(f, 5),
    signature: binary(f, 6),
  };
  return f.length <= 7 ? vote : { ...vote, extension: [binary(f, 7), binary(f, 8)] };
}

function certificateOf(f: readonly unknown[]): {
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly votes: readonly SignatureOf[];
} {
  const votes = list(f, 4).map((entry): SignatureOf => {
    if (!Array.isArray(entry) || entry.length < 2 || entry.length > 3) throw wrong(4, 'a list of validator and signature');
    if (entry.length === 2) return [text(entry, 0), binary(entry, 1)];
    const extension = list(entry, 2);
    return [text(entry, 0), binary(entry, 1), [binary(extension, 0), binary(extension, 1)]];
  });
  return { height: count(f, 1), round: count(f, 2), value: text(f, 3), votes };
}

function validatorPower(entry: unknown): ValidatorPower {
  if (!Array.isArray(entry) || entry.length !== 2) throw wrong(2, 'a list of name and power');
  return [text(entry, 0), count(entry, 1)];
}

function pack(fields: readonly unknown[]): Uint8Array {
  // The encoder reuses its buffer, so the bytes are copied.
  return bufferCopy(cbor.encode(fields));
}

function unpack(bytes: Uint8Array): readonly unknown[] {
  let fields: unknown;
  try {
    refuseHostile(bytes);
    fields = cbor.decode(bytes);
  } catch (error) {
    throw new PayloadError(`not CBOR: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(fields)) throw new PayloadError('a payload is an array');
  return fields;
}

function wrong(place: number, expected: string): PayloadError {
  return new PayloadError(`place ${place} must be ${expected}`);
}

function whole(f: readonly unknown[], place: number): number {
  const value = f[place];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(place, 'a whole number');
  return value;
}

function count(f: readonly unknown[], place: number): number {
  const value = whole(f, place);
  if (value < 0) throw wrong(place, 'a number from 0 on');
  return value;
}

function text(f: readonly unknown[], place: number): string {
  const value = f[place];
  if (typeof value !== 'string') throw wrong(place, 'text');
  return value;
}

function binary(f: readonly unknown[], place: number): Uint8Array {
  const value = f[place];
  if (!(value instanceof Uint8Array)) throw wrong(place, 'bytes');
  return value;
}

function list(f: readonly unknown[], place: number): readonly unknown[] {
  const value = f[place];
  if (!Array.isArray(value)) throw wrong(place, 'a list');
  return value;
}
