/**
 * The signer's file: it holds the last signed message, so that nothing that conflicts with it is signed. It is independent of the log and in another
 * folder, so that one of the two can be lost without the other.
 *
 * The file is replaced and never overwritten. `signer/signed.<n + 1>` is created, written and synced with its name; only then `signed.<n>` is
 * removed durably. So a death leaves the old file, both, or the new one. A file that cannot be read was not finished, so no message depends on it. After
 * CometBFT's priv_validator_state.json (privval/file.go), whose rename is not synced (its issue 6031).
 */
import { crc32 } from './crc32.ts';
import { RecoveryError } from './errors.ts';
import type { ByteSource } from './frames.ts';
import type { BootStep } from './writer.ts';

/** The place of a signed message: height, round and kind. A key may sign at most one message at each place. */
export interface SignedPlace {
  readonly height: number;
  readonly round: number;
  /** The order within a round: proposal, prevote, precommit. */
  readonly kind: number;
}

/** A signed message as the signer remembers it. */
export interface Signed extends SignedPlace {
  /** The bytes that the signature covers. If they are empty, no message may be signed at this place. */
  readonly bytes: Uint8Array;
}

/** The signer's state in a life: the last signed message, the files that name it, and the number of the next file. */
export interface SignerState {
  readonly signed: Signed;
  readonly files: readonly string[];
  readonly next: number;
}

/** The last message of a signer that has signed nothing. */
export const nothingSigned: Signed = { height: 0, round: 0, kind: 0, bytes: new Uint8Array() };

const folder = 'signer';
const site = 'signer.write';
const magic = Uint8Array.from('LAZUSGN1', (c) => c.charCodeAt(0));
const headerBytes = 28;
const shape = /^signer\/signed\.(\d{1,15})$/;
const remedy =
  'Nothing was changed. A node that does not know what its key has signed must not vote: restore the file from the disk it came from, or start with the policy `abstain`.';

/** Compares two places. Above 0 if `a` is later than `b`; 0 if they are equal. */
export function comparePlaces(a: SignedPlace, b: SignedPlace): number {
  return a.height - b.height || a.round - b.round || a.kind - b.kind;
}

/** Plans the first file, for a signer that has signed nothing. */
export function signerBirth(): readonly BootStep[] {
  return replaceSigner({ signed: nothingSigned, files: [], next: 0 }, nothingSigned).steps;
}

/** The signer's files among these names, oldest first. */
export function signerFiles(names: Iterable<string>): readonly string[] {
  return [...names].filter((name) => shape.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

/** Reads the newest whole file. Throws `RecoveryError` if none is whole, because no death can cause that. */
export function readSigner(contents: ReadonlyMap<string, ByteSource>): SignerState {
  const files = signerFiles(contents.keys());
  for (const file of files.toReversed()) {
    const signed = decode(contents.get(file) as ByteSource);
    if (signed !== undefined) return { ...signerUnread(contents), signed };
  }
  const [file] = files;
  if (file === undefined) throw new RecoveryError('GONE', { file: `${folder}/` }, "the signer's file is missing", remedy);
  throw new RecoveryError('CORRUPT', { file }, "the signer's file is damaged", remedy);
}

/** The state of a signer whose files are not read: only their names are known. */
export function signerUnread(contents: ReadonlyMap<string, ByteSource>): SignerState {
  const files = signerFiles(contents.keys());
  return { signed: nothingSigned, files, next: Math.max(-1, ...files.map(numberOf)) + 1 };
}

/** Plans a new file that replaces all older ones. If there was none, the folder is new, and is made durable too. */
export function replaceSigner(
  { files, next }: SignerState,
  signed: Signed,
): { readonly state: SignerState; readonly steps: readonly BootStep[] } {
  const file = `${folder}/signed.${next}`;
  const removals = files.map((old): BootStep => ({ site, operation: { type: 'remove', file: old } }));
  const steps = [...written(file, signed), ...removals];
  const directory = removals.length === 0 ? '' : folder;
  const state = { signed, files: [file], next: next + 1 };
  return { state, steps: [...steps, { site, operation: { type: 'syncDirectory', directory } }] };
}

function written(file: string, signed: Signed): readonly BootStep[] {
  return [
    { site, operation: { type: 'create', file } },
    { site, operation: { type: 'append', file, bytes: encode(signed) } },
    { site, operation: { type: 'sync', file } },
    { site, operation: { type: 'syncDirectory', directory: folder } },
  ];
}

function numberOf(file: string): number {
  return Number(shape.exec(file)?.[1]);
}

function encode({ height, round, kind, bytes: covered }: Signed): Uint8Array {
  const end = headerBytes + covered.length;
  const bytes = new Uint8Array(end + 4);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(height));
  view.setUint32(16, round);
  view.setUint32(20, kind);
  view.setUint32(24, covered.length);
  bytes.set(covered, headerBytes);
  view.setUint32(end, crc32(bytes, 0, end));
  return bytes;
}

/** Decodes a file; undefined if it is not whole. */
function decode(source: ByteSource): Signed | undefined {
  const bytes = source.read(0, source.length);
  if (bytes.length < headerBytes + 4 || magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = headerBytes + view.getUint32(24);
  if (bytes.length !== end + 4 || view.getUint32(end) !== crc32(bytes, 0, end)) return undefined;
  const height = Number(view.getBigUint64(8));
  return { height, round: view.getUint32(16), kind: view.getUint32(20), bytes: bytes.slice(headerBytes, end) };
}
