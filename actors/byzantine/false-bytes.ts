/**
 * Real certificates with other bytes than those of the value. The certificate names the value's id, and no signature covers the bytes: only a node that
 * compares the two notices. It sends them to everybody, as certificates and as answers of value sync, asked or not.
 */
import type { WireData } from '../../core/effects.ts';
import type { Proposal, Vote } from '../tendermint/types.ts';
import { type Heard, placesWithVotes, signaturesFor } from './heard.ts';
import type { LiarSetup, Transmit } from './lie-parts.ts';

/** Beside each own vote: what was decided at the height before, and what is about to be decided at this one. */
export function falseBytes(
  effect: Transmit,
  own: Vote | Proposal,
  { syncOnlyPeers = [] }: LiarSetup,
  heard: Heard,
): readonly Transmit[] {
  if (own.type !== 'vote') return [effect];
  const lies = [own.height, own.height - 1].flatMap((height) => {
    const [place] = placesWithVotes(heard, height);
    if (place === undefined) return [];
    const decision = { ...place, votes: signaturesFor(heard, 'precommit', place), data: new Uint8Array(24).fill(7) };
    const certificate: WireData = { type: 'commitCertificate', ...decision } as WireData;
    const answer: WireData = { type: 'sync.response', blocks: [decision] } as WireData;
    return [
      { ...effect, data: certificate },
      { ...effect, site: 'send', to: [...effect.to, ...syncOnlyPeers], data: answer },
    ];
  });
  // The lies come first: a node that believes them has no time to learn better.
  return [...lies, effect];
}
