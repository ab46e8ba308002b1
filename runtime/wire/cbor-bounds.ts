/**
 * Whether bytes are one plain CBOR value (RFC 8949) that costs no more memory than a small multiple of its length. It has no tags, no
 * indefinite lengths, few levels, and no list or text that is longer than the bytes that are left. Checked before anything is decoded.
 */
import { refuseHostile } from '../../core/cbor.ts';

const ofPeers = { depthMax: 15, hasTags: false } as const;

export function isBoundedCbor(bytes: Uint8Array): boolean {
  try {
    refuseHostile(bytes, ofPeers);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
