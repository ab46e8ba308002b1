/** Proposals for the next round and the next height, also if it is not the proposer. They are sent early, so that they may arrive before the right one. */
import type { Proposal, Vote } from '../tendermint/types.ts';
import { andAlso, type LiarSetup, otherProposal, otherValue, type Transmit } from './lie-parts.ts';

/** Sends two proposals with each own vote: for the next round of this height, and for the first round of the next height. */
export function outOfTurn(effect: Transmit, own: Vote | Proposal, liar: LiarSetup): readonly Transmit[] {
  if (own.type !== 'vote') return [effect];
  const { height, round, signature } = own;
  const proposals = [
    { height, round: round + 1 },
    { height: height + 1, round: 0 },
  ].map((place): Proposal => {
    const value = otherValue(`${place.height}.${place.round}`);
    const first = {
      type: 'proposal',
      ...place,
      value,
      data: new Uint8Array(),
      polRound: -1,
      proposer: liar.name,
      signature,
    } as const;
    return otherProposal<Proposal>(first, liar, value);
  });
  return andAlso(effect, ...proposals);
}
