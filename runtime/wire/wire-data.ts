/**
 * What peers send each other, as CBOR, and its shape: data of another shape is malformed, from any sender. So the actors get what their types say.
 * Signatures are checked by the network actor, not here.
 */
import { Decoder, Encoder } from '../../core/cbor.ts';
import type { WireData } from '../../core/effects.ts';
import { isBoundedCbor } from './cbor-bounds.ts';

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
const decoder = new Decoder({ useRecords: false, tagUint8Array: false });

export function encodeWire(data: WireData): Uint8Array {
  return new Uint8Array(encoder.encode(data));
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const maxText = 256;
const maxList = 4096;

const text: Check = (value) => typeof value === 'string' && value.length <= maxText;
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const height: Check = (value) => whole(value) && (value as number) >= 1;
const round = whole;
const polRound: Check = (value) => value === -1 || whole(value);
const binary: Check = (value) => value instanceof Uint8Array;
const signature: Check = (value) => value instanceof Uint8Array && value.length === 64;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= maxList && value.every(check);
const signatureOf: Check = (value) => Array.isArray(value) && value.length === 2 && text(value[0]) && signature(value[1]);

/** Each field, and no other. `optional`: it may be missing. */
function shape(fields: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check {
  const all = new Map(Object.entries({ ...fields, ...optional }));
  const wanted = Object.keys(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
    const entries = Object.entries(value);
    return (
      entries.every(([name, field]) => name === 'type' || all.get(name)?.(field) === true) &&
      wanted.every((name) => Object.hasOwn(value, name))
    );
  };
}

const vote: Check = (value) =>
  (value as Fields | null)?.['type'] === 'vote' &&
  shape({
    voteType: (type) => type === 'prevote' || type === 'precommit',
    height,
    round,
    value: orNull(text),
    validator: text,
    signature,
  })(value);
const decision = { height, round, value: text, votes: listOf(signatureOf), data: binary };
const certificate = { height, round, value: text, votes: listOf(signatureOf) };

const shapes: Readonly<Record<string, Check>> = {
  vote,
  proposal: shape({ height, round, value: text, data: binary, polRound, proposer: text, signature }),
  polkaCertificate: shape(certificate),
  commitCertificate: shape(certificate, { data: binary }),
  roundCertificate: shape({ height, round, votes: listOf(vote) }),
  status: shape({ height: whole }),
  'sync.request': shape({ height, count: whole }),
  'sync.response': shape({ blocks: listOf(shape(decision)) }),
  'height.request': shape({ asker: text, inquiry: whole, signature }),
  'height.answer': shape({
    asker: text,
    inquiry: whole,
    answerer: text,
    height,
    proof: (value) => value === null || value === undefined || shape(decision)(value),
    signature,
  }),
};

export type Malformed = 'not-cbor' | 'unknown-type' | 'wrong-shape';

/** Decodes the data of one frame, or says what is wrong with it. The caller must not change `bytes` later: the data may refer to them. */
export function decodeWire(bytes: Uint8Array): WireData | Malformed {
  if (!isBoundedCbor(bytes)) return 'not-cbor';
  let data: unknown;
  try {
    data = decoder.decode(bytes);
  } catch {
    return 'not-cbor';
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'wrong-shape';
  const type = Object.hasOwn(data, 'type') ? (data as Fields)['type'] : undefined;
  if (typeof type !== 'string') return 'wrong-shape';
  const check = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (check === undefined) return 'unknown-type';
  return check(data) ? (data as WireData) : 'wrong-shape';
}
