/**
 * Signatures in simulations: a keyed hash of eight bytes, a pure function of the seed, the signer's name and the bytes. Byzantine actors get only their own
 * signer, so they cannot forge signatures of others.
 */
import { mix, textDigest } from '../../core/digest.ts';

export interface Signer {
  /** The scheme's name; it is in the first frame of each height. */
  readonly scheme: string;
  sign(bytes: Uint8Array): Uint8Array;
  verify(name: string, bytes: Uint8Array, signature: Uint8Array): boolean;
}

export function keyedHashSigner(name: string, seed: number): Signer {
  const keys = new Map<string, number>();
  const keyOf = (signer: string): number => {
    let key = keys.get(signer);
    if (key === undefined) {
      key = textDigest(signer, seed);
      keys.set(signer, key);
    }
    return key;
  };
  return {
    scheme: 'keyed-hash',
    sign: (bytes) => {
      const [high, low] = tag(keyOf(name), bytes);
      const signature = new Uint8Array(8);
      for (let i = 0; i < 4; i += 1) {
        signature[i] = high >>> (24 - 8 * i);
        signature[4 + i] = low >>> (24 - 8 * i);
      }
      return signature;
    },
    verify: (signer, bytes, signature) => {
      if (signature.length !== 8) return false;
      const [high, low] = tag(keyOf(signer), bytes);
      for (let i = 0; i < 4; i += 1) {
        if (signature[i] !== ((high >>> (24 - 8 * i)) & 255) || signature[4 + i] !== ((low >>> (24 - 8 * i)) & 255)) return false;
      }
      return true;
    },
  };
}

function tag(key: number, bytes: Uint8Array): readonly [number, number] {
  let high = key;
  let low = ~key;
  for (let i = 0; i < bytes.length; i += 1) {
    high = Math.imul(high ^ (bytes[i] as number), 0x01000193);
    low = Math.imul(low ^ (bytes[i] as number), 0x85ebca6b);
    low ^= low >>> 15;
  }
  return [mix(high, low), mix(low, bytes.length)];
}
