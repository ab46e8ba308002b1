/**
 * Encodes and decodes a block. The host stores each as one frame of the block store. It is a CBOR array with fixed places:
 * [1, height, decision, digest of the application's state after it, that state]. If the application has a store of its own, the last place is null.
 */
import { bufferCopy } from '../../core/buffer-pool.ts';
import { Encoder, refuseHostile } from '../../core/cbor.ts';
import { PayloadError } from './definition.ts';

export interface Block {
  readonly height: number;
  /** The decision, encoded by the node definition of the protocol. */
  readonly decision: Uint8Array;
  /** The digest of `appState`. */
  readonly digest: number;
  /** The application's state after this block, as plain data. */
  readonly appState: unknown;
}

const cbor = new Encoder({ useRecords: false, tagUint8Array: false });

export function encodeBlock({ height, decision, digest, appState }: Block): Uint8Array {
  return bufferCopy(cbor.encode([1, height, decision, digest, appState]));
}

/** The application's state as its own store holds it. */
export function encodeState(state: unknown): Uint8Array {
  return bufferCopy(cbor.encode(state));
}

/** Throws `PayloadError`. */
export function decodeState(bytes: Uint8Array): unknown {
  return decoded(bytes, "an application's state");
}

export function decodeBlock(bytes: Uint8Array): Block {
  const fields = decoded(bytes, 'a block');
  if (!Array.isArray(fields) || fields.length !== 5 || fields[0] !== 1)
    throw new PayloadError('a block must be an array of five, the first a 1');
  const [, height, decision, digest, appState] = fields as unknown[];
  if (typeof height !== 'number' || !Number.isSafeInteger(height) || height < 1)
    throw new PayloadError('place 1 of a block must be a height');
  if (!(decision instanceof Uint8Array)) throw new PayloadError('place 2 of a block must be bytes');
  if (typeof digest !== 'number') throw new PayloadError('place 3 of a block must be a number');
  return { height, decision, digest, appState };
}

function decoded(bytes: Uint8Array, what: string): unknown {
  try {
    refuseHostile(bytes);
    return cbor.decode(bytes) as unknown;
  } catch (error) {
    throw new PayloadError(`${what} must be CBOR: ${error instanceof Error ? error.message : String(error)}`);
  }
}
