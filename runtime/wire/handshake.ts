/**
 * Identifies the other end: each side sends a fresh nonce and signs both, with its validator key. A signature names both nodes, its own
 * role and the chain, so that it proves nothing anywhere else.
 *
 * Not modelled: encryption. An attacker that can change the bytes of an open connection can add to it. Votes and proposals have signatures of their own.
 */
import { randomBytes } from 'node:crypto';
import type { Signer } from '../../actors/node/index.ts';
import { Decoder, Encoder } from '../../core/cbor.ts';
import { isBoundedCbor } from './cbor-bounds.ts';

const version = 1;
const nonceBytes = 32;
/** The longest frame before the other end has identified itself. */
export const handshakeFrameBytes = 1024;

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
const decoder = new Decoder({ useRecords: false, tagUint8Array: false });

export interface Hello {
  readonly name: string;
  readonly nonce: Uint8Array;
}

export type Role = 'dialer' | 'listener';

export interface HandshakeParts {
  readonly chain: string;
  readonly name: string;
  readonly signer: Signer;
}

export function newNonce(): Uint8Array {
  return new Uint8Array(randomBytes(nonceBytes));
}

export function helloFrame({ chain }: HandshakeParts, { name, nonce }: Hello): Uint8Array {
  return new Uint8Array(encoder.encode([version, chain, name, nonce]));
}

export type HandshakeFault = 'malformed-hello' | 'other-version' | 'other-chain' | 'malformed-proof' | 'wrong-proof';

export function readHello({ chain }: HandshakeParts, frame: Uint8Array): Hello | HandshakeFault {
  const fields = decoded(frame);
  if (!Array.isArray(fields) || fields.length !== 4) return 'malformed-hello';
  const [theirVersion, theirChain, name, nonce] = fields as unknown[];
  if (theirVersion !== version) return 'other-version';
  if (theirChain !== chain) return 'other-chain';
  const isRight = typeof name === 'string' && name.length <= 64 && nonce instanceof Uint8Array && nonce.length === nonceBytes;
  return isRight ? { name, nonce } : 'malformed-hello';
}

export function proofFrame({ chain, name, signer }: HandshakeParts, role: Role, own: Hello, peer: Hello): Uint8Array {
  return new Uint8Array(encoder.encode([signer.sign(covered(chain, role, { ...own, name }, peer))]));
}

/** `role`: the peer's. */
export function checkProof(
  { chain, signer }: HandshakeParts,
  frame: Uint8Array,
  role: Role,
  own: Hello,
  peer: Hello,
): HandshakeFault | undefined {
  const fields = decoded(frame);
  if (!Array.isArray(fields) || fields.length !== 1 || !(fields[0] instanceof Uint8Array)) return 'malformed-proof';
  return signer.verify(peer.name, covered(chain, role, peer, own), fields[0]) ? undefined : 'wrong-proof';
}

/** What the signer in this role signs: lengths precede texts, so that no two sets of fields give the same bytes. */
function covered(chain: string, role: Role, signer: Hello, other: Hello): Uint8Array {
  return new Uint8Array(
    encoder.encode(['lazurite handshake', version, chain, role, signer.name, other.name, signer.nonce, other.nonce]),
  );
}

function decoded(frame: Uint8Array): unknown {
  if (!isBoundedCbor(frame)) return undefined;
  try {
    return decoder.decode(frame);
  } catch {
    return undefined;
  }
}
