/** Ed25519 keys of validators. A key object is created once, because creating it costs as much as a signature. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { Signer } from '../../actors/node/index.ts';

/** As it is kept in a file: the raw halves of the key, base64url, as a JWK has them. */
export interface KeyFile {
  readonly public: string;
  readonly private: string;
}

export function newKey(): KeyFile {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { public: x as string, private: d as string };
}

export function publicKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

export function privateKey({ public: x, private: d }: KeyFile): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' });
}

export const signatureBytes = 64;

/** `own`: undefined for a node that follows without a key, which is never asked to sign. */
export function ed25519Signer(own: KeyObject | undefined, keys: ReadonlyMap<string, KeyObject>): Signer {
  return {
    scheme: 'ed25519',
    sign: (bytes) => {
      if (own === undefined) throw new Error('a node without a key was asked to sign');
      return new Uint8Array(sign(null, bytes, own));
    },
    verify: (name, bytes, signature) => {
      const key = keys.get(name);
      return key !== undefined && signature.length === signatureBytes && verify(null, bytes, key, signature);
    },
  };
}
