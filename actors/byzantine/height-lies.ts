/**
 * Lies to a node that has lost its log and asks its peers for their heights. The liar does not wait for the question: it guesses the life that may ask, and
 * sends its answers together with its own votes.
 */
import type { WireData } from '../../core/effects.ts';
import type { Proposal, Vote } from '../tendermint/types.ts';
import type { LiarSetup, Transmit } from './lie-parts.ts';

interface Claim {
  readonly answerer: string;
  readonly height: unknown;
  readonly proof: unknown;
}

/** The lives for which the liar answers. */
const lives = [1, 2, 3] as const;

/** Sends one of these in turns: a height without a proof, a malformed height, too low a height, and an answer in the name of the asking node. */
export function falseHeights(effect: Transmit, own: Vote | Proposal, liar: LiarSetup): readonly Transmit[] {
  const { name, peers } = liar;
  // Their site is `send`; `publish` is only for votes and proposals.
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
