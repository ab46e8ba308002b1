/**
 * Lies to a node that has lost its log and asks its peers how far they are. Nobody has to ask: the liar guesses which life may be asking, and sends its
 * answers beside its own votes.
 */
import type { WireData } from '../../core/effects.ts';
import type { Proposal, Vote } from '../tendermint/types.ts';
import type { LiarSetup, Transmit } from './lie-parts.ts';

interface Claim {
  readonly answerer: string;
  readonly height: unknown;
  readonly proof: unknown;
}

/** Lives in which a node may have lost its log, at most two deaths later. */
const lives = [1, 2, 3] as const;

/** A height without its proof, what is no height, too low a height, and an answer in the name of the one that asks; in turns. */
export function falseHeights(effect: Transmit, own: Vote | Proposal, liar: LiarSetup): readonly Transmit[] {
  const { name, peers } = liar;
  // Such messages are sent, and not published: only votes and proposals are.
  const malformed = ['height.answer', 'height.request'].map((type): Transmit => ({ ...effect, site: 'send', data: { type } }));
  const answers = peers.flatMap((asker): readonly Transmit[] => {
    const claims: readonly Claim[] = [
      { answerer: name, height: own.height + 1_000_000, proof: undefined },
      { answerer: name, height: 'high', proof: { height: 'high', votes: 7 } },
      { answerer: name, height: 1, proof: null },
      { answerer: asker, height: 1, proof: null },
    ];
    const claim = claims[(own.height + own.round) % claims.length] as Claim;
    return lives.map((inquiry) => ({
      ...effect,
      site: 'send',
      to: effect.to.filter((peer) => peer === asker),
      data: answer(asker, inquiry, claim, liar),
    }));
  });
  return [effect, ...malformed, ...answers];
}

function answer(asker: string, inquiry: number, { answerer, height, proof }: Claim, { sign }: LiarSetup): WireData {
  const bytes = new TextEncoder().encode(`height.answer ${asker} ${inquiry} ${answerer} ${height}`);
  return { type: 'height.answer', asker, inquiry, answerer, height, proof, signature: sign(bytes) } as WireData;
}
