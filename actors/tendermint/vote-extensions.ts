/**
 * Vote extensions (ABCI++, `ExtendVote` and `VerifyVoteExtension`): the application adds bytes of its own to each precommit for a value, and may add others
 * when it is asked again. This file has the rules that every node checks by itself. What an extension means is the application's business
 * (extended-chain.ts).
 *
 * An extension has a signature of its own, as in CometBFT and Malachite: a commit certificate must be checkable without it.
 */
import type { Verify } from '../node/definition.ts';
import type { TendermintConfig } from './config.ts';
import type { SignatureOf, Vote } from './types.ts';

/** Whether precommits for a value carry an extension at this height. */
export function isExtendedAt({ voteExtensionsFrom }: Pick<TendermintConfig, 'voteExtensionsFrom'>, height: number): boolean {
  return voteExtensionsFrom !== undefined && voteExtensionsFrom <= height;
}

/** The bytes that the signature of an extension covers. */
export function extensionBytes(height: number, round: number, bytes: Uint8Array): Uint8Array {
  const place = `extension ${height} ${round} `;
  const covered = new Uint8Array(place.length + bytes.length);
  for (let at = 0; at < place.length; at += 1) covered[at] = place.charCodeAt(at);
  covered.set(bytes, place.length);
  return covered;
}

/** Whether a vote has a signed extension if it must have one, and none otherwise. */
export function isRightlyExtended(config: TendermintConfig, vote: Vote, verify: Verify): boolean {
  const { voteType, value, height, round, validator, extension } = vote;
  const mustHave = voteType === 'precommit' && value !== null && isExtendedAt(config, height);
  return hasRightExtension(mustHave, height, round, validator, extension, verify);
}

/** The same for one signature of a commit certificate. */
export function isSignatureExtended(
  config: TendermintConfig,
  { height, round }: { readonly height: number; readonly round: number },
  [validator, , extension]: SignatureOf,
  verify: Verify,
): boolean {
  return hasRightExtension(isExtendedAt(config, height), height, round, validator, extension, verify);
}

function hasRightExtension(
  mustHave: boolean,
  height: number,
  round: number,
  validator: string,
  extension: Vote['extension'],
  verify: Verify,
): boolean {
  if (!mustHave || extension === undefined) return mustHave === (extension !== undefined);
  const [bytes, signature] = extension;
  return verify(validator, extensionBytes(height, round, bytes), signature);
}
