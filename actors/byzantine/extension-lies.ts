/**
 * False extensions of precommits. The vote and its signature are right in each: with an extension that the application refuses, with a signature that is not
 * that of the extension, or without any. A node that checks only the vote counts it.
 */
import type { Vote } from '../tendermint/types.ts';
import { extensionBytes } from '../tendermint/vote-extensions.ts';
import { type LiarSetup, type Transmit, told } from './lie-parts.ts';

/** One of the three for each height and round. A precommit that has no extension stays as it is. */
export function falseExtension(effect: Transmit, own: Vote, { sign }: LiarSetup): Transmit {
  const { extension, ...plain } = own;
  if (extension === undefined) return effect;
  const { height, round } = own;
  const [bytes, signature] = extension;
  const refused = Uint8Array.from('refused', (letter) => letter.charCodeAt(0));
  switch ((height + round) % 3) {
    case 0:
      return told(effect, { ...plain, extension: [refused, sign(extensionBytes(height, round, refused))] });
    case 1:
      return told(effect, { ...plain, extension: [Uint8Array.of(...bytes, 33), signature] });
    default:
      return told(effect, plain);
  }
}
