/**
 * The checker's own decoder of log and store: frames (docs/formats/wal.md), and in them votes, proposals, decisions and blocks. It shares no code with
 * the encoder. Bytes that are not well-formed are read as undefined.
 */
import { Decoder, refuseHostile } from '../../core/cbor.ts';

export type StatementKind = 'prevote' | 'precommit' | 'proposal';

/** What a validator has signed. */
export interface Statement {
  readonly signer: string;
  readonly kind: StatementKind;
  readonly height: number;
  readonly round: number;
  /** The id of a value, or nil. */
  readonly value: string | null;
  /** The `polRound` of a proposal; -1 if it has none, and for votes. */
  readonly polRound: number;
  /** The extension of a precommit, one character for each byte; undefined if it has none. */
  readonly extension?: string;
}

/** An extension, one character for each byte, and its signature. */
export interface SignedExtension {
  readonly extension: string;
  readonly signature: Uint8Array;
}

/** The extensions of a commit: the round, and validator and extension of each precommit. */
export interface ExtensionsRead {
  readonly round: number;
  readonly extensions: readonly (readonly [signer: string, signed: SignedExtension | undefined])[];
}

export interface DecisionRead {
  readonly height: number;
  readonly round: number;
  readonly value: string;
  readonly data: Uint8Array;
  readonly signers: readonly string[];
  /** The extension of each signer; undefined if its precommit has none. */
  readonly extensions: readonly (SignedExtension | undefined)[];
}

export interface BlockRead {
  readonly height: number;
  readonly decision: DecisionRead | undefined;
  readonly digest: number;
}

/** A state in an application's own store: the height after which it is, and what the chain application keeps (undefined: something else). */
export interface ApplicationRead {
  readonly height: number;
  readonly state: { readonly height: number; readonly digest: number } | undefined;
}

/** A frame, and the offsets in its bytes at which it starts and ends. */
export interface FrameRead {
  readonly kind: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export const frameOf = { start: 2, input: 3, own: 4, decided: 5, block: 6 } as const;
const headerBytes = 32;
const cbor = new Decoder({ useRecords: false });
const emptyFrames: readonly FrameRead[] = [];
/** The last bytes and their frames are kept, because several properties ask about one append in a row. */
let asked: Uint8Array | undefined;
let found: readonly FrameRead[] = emptyFrames;

/** The frames in these bytes, up to the first bytes that are no whole frame. */
export function framesIn(bytes: Uint8Array): readonly FrameRead[] {
  if (bytes !== asked) {
    found = readFrames(bytes);
    asked = bytes;
  }
  return found;
}

function readFrames(bytes: Uint8Array): readonly FrameRead[] {
  const frames: FrameRead[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = 0; start + headerBytes <= bytes.length; ) {
    const end = start + headerBytes + view.getUint32(start);
    // Without the marker these bytes are no frame. If `end` is too large, the frame is cut.
    if (view.getUint16(start + 6) !== 0x4c5a || end > bytes.length) return start === 0 ? emptyFrames : frames;
    const sequence = Number(view.getBigUint64(start + 8));
    frames.push({ kind: view.getUint8(start + 4), sequence, payload: bytes.subarray(start + headerBytes, end), start, end });
    start = end;
  }
  return frames;
}

let askedPayload: Uint8Array | undefined;
let foundStatement: Statement | undefined;

/** The own vote or proposal in the payload of a frame. */
export function statementIn(payload: Uint8Array): Statement | undefined {
  if (payload !== askedPayload) {
    const fields = listIn(payload);
    foundStatement = fields === undefined ? undefined : statementOf(fields);
    askedPayload = payload;
  }
  return foundStatement;
}

/** The votes in the payload of a frame: one vote, or those of a round certificate, [8, height, round, [vote, ...]]. */
export function votesIn(payload: Uint8Array): readonly Statement[] {
  if (payload[1] !== 8) {
    const said = statementIn(payload);
    return said === undefined ? [] : [said];
  }
  const votes = listIn(payload)?.[3];
  return !Array.isArray(votes)
    ? []
    : votes.flatMap((fields): readonly Statement[] => {
        const said = Array.isArray(fields) ? statementOf(fields) : undefined;
        return said === undefined ? [] : [said];
      });
}

/** A vote: [2, 0 (prevote) or 1 (precommit), height, round, value or null, validator, signature, and with an extension its bytes and their signature]. A proposal: [3, height, round, value, data, polRound, proposer, ...]. */
function statementOf(f: readonly unknown[]): Statement | undefined {
  if (f[0] === 2 && (f[1] === 0 || f[1] === 1)) {
    const [, type, height, round, value, signer, , bytes] = f;
    if (!isCount(height) || !isCount(round) || !(value === null || typeof value === 'string') || typeof signer !== 'string')
      return undefined;
    const statement: Statement = { signer, kind: type === 0 ? 'prevote' : 'precommit', height, round, value, polRound: -1 };
    return bytes === undefined ? statement : { ...statement, ...extensionOf([bytes]) };
  }
  if (f[0] !== 3) return undefined;
  const [, height, round, value, , polRound, signer] = f;
  if (!isCount(height) || !isCount(round) || typeof value !== 'string' || typeof signer !== 'string') return undefined;
  return { signer, kind: 'proposal', height, round, value, polRound: typeof polRound === 'number' ? polRound : -1 };
}

/** The extension in a pair of its bytes and their signature; nothing if there is no such pair. */
export function extensionOf(pair: unknown): { readonly extension?: string } {
  const extension = signedExtension(pair)?.extension;
  return extension === undefined ? {} : { extension };
}

function signedExtension(pair: unknown): SignedExtension | undefined {
  const [bytes, signature] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
  if (!(bytes instanceof Uint8Array)) return undefined;
  return {
    extension: String.fromCharCode(...bytes),
    signature: signature instanceof Uint8Array ? signature : new Uint8Array(),
  };
}

/**
 * Decodes the bytes of a value where votes are extended: four bytes with the length of a list, the list [round, [[validator, extension, signature], ...]],
 * and the rest of the value. An empty list is read as no extensions at all.
 */
export function carriedIn(data: Uint8Array): ExtensionsRead | undefined {
  if (data.length < 4) return undefined;
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0);
  if (length === 0) return { round: -1, extensions: [] };
  const [round, list] = listIn(data.subarray(4, 4 + length)) ?? [];
  if (!isCount(round) || !Array.isArray(list)) return undefined;
  return {
    round,
    extensions: list.flatMap((one): ExtensionsRead['extensions'] =>
      Array.isArray(one) && typeof one[0] === 'string' ? [[one[0], signedExtension(one.slice(1))]] : [],
    ),
  };
}

/** Decodes a decision: [9, height, round, value, [[validator, signature], ...], data]. With an extension a signature is [validator, signature, [bytes, signature]]. */
export function decisionIn(payload: Uint8Array): DecisionRead | undefined {
  const fields = listIn(payload);
  if (fields === undefined || fields[0] !== 9) return undefined;
  const [, height, round, value, votes, data] = fields;
  if (!isCount(height) || !isCount(round) || typeof value !== 'string' || !Array.isArray(votes)) return undefined;
  if (!(data instanceof Uint8Array)) return undefined;
  const named = votes.flatMap((entry): readonly (readonly unknown[])[] =>
    Array.isArray(entry) && typeof entry[0] === 'string' ? [entry] : [],
  );
  const signers = named.map(([signer]) => signer as string);
  return { height, round, value, data, signers, extensions: named.map(([, , pair]) => signedExtension(pair)) };
}

/** Decodes a block: [1, height, decision, digest of the application's state after it, that state]. */
export function blockIn(payload: Uint8Array): BlockRead | undefined {
  const fields = listIn(payload);
  if (fields === undefined || fields[0] !== 1) return undefined;
  const [, height, decision, digest] = fields;
  if (!isCount(height) || typeof digest !== 'number') return undefined;
  return { height, decision: decision instanceof Uint8Array ? decisionIn(decision) : undefined, digest };
}

const applicationHeaderBytes = 20;

/** 'LAZUAPP1', height, length of the state, state (nothing at height 0), checksum. */
export function applicationIn(bytes: Uint8Array): ApplicationRead | undefined {
  if (bytes.length < applicationHeaderBytes + 4 || String.fromCharCode(...bytes.subarray(0, 8)) !== 'LAZUAPP1') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const height = Number(view.getBigUint64(8));
  const state = bytes.subarray(applicationHeaderBytes, applicationHeaderBytes + view.getUint32(16));
  return { height, state: height === 0 ? undefined : chainIn(state) };
}

function chainIn(bytes: Uint8Array): ApplicationRead['state'] {
  try {
    refuseHostile(bytes);
    const { height, digest } = Object(cbor.decode(bytes)) as Readonly<Record<string, unknown>>;
    return isCount(height) && typeof digest === 'number' ? { height, digest } : undefined;
  } catch {
    return undefined;
  }
}

/** The height of a block, without decoding the rest. It is the second item of a CBOR array of five, an unsigned integer. */
export function blockHeight(payload: Uint8Array): number | undefined {
  const first = payload[2];
  if (payload[0] !== 0x85 || payload[1] !== 1 || first === undefined) return undefined;
  if (first < 24) return first;
  const bytes = { 24: 1, 25: 2, 26: 4 }[first];
  if (bytes === undefined || payload.length < 3 + bytes) return undefined;
  return payload.subarray(3, 3 + bytes).reduce((height, byte) => height * 256 + byte, 0);
}

function listIn(payload: Uint8Array): readonly unknown[] | undefined {
  try {
    refuseHostile(payload);
    const fields: unknown = cbor.decode(payload);
    return Array.isArray(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
