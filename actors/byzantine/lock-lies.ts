/** Lies about polkas (quorums of prevotes): which peers see one, and which is the newest. They cause locks that other nodes do not share. */
import type { PolkaCertificate, Proposal, Vote } from '../tendermint/types.ts';
import { type Heard, placesWithVotes, signaturesFor } from './heard.ts';
import { andAlso, type LiarSetup, signed, type Transmit } from './lie-parts.ts';

/**
 * Proposes an old value of this height again, with the prevotes for it. It takes the oldest of these: the value with the most prevotes, and all values with
 * at least three.
 */
export function olderPolka(effect: Transmit, own: Vote | Proposal, liar: LiarSetup, heard: Heard): readonly Transmit[] {
  if (own.type !== 'proposal' || own.round === 0) return [effect];
  const places = placesWithVotes(heard, own.height).filter(({ round }) => round < own.round);
  // With three votes at least two are of other validators.
  const oldest = places
    .filter((place) => signaturesFor(heard, 'prevote', place).length > 2)
    .reduce((first, place) => (first === undefined || place.round < first.round ? place : first), places[0]);
  const known = heard.proposals.find(({ height, value }) => height === own.height && value === oldest?.value);
  if (oldest === undefined || known === undefined) return [effect];
  const { value, data } = known;
  const again = signed(own, { value, data, polRound: oldest.round }, liar);
  const votes = signaturesFor(heard, 'prevote', oldest);
  const certificate: PolkaCertificate = { type: 'polkaCertificate', ...oldest, votes };
  return andAlso({ ...effect, data: again }, certificate);
}

/**
 * Withholds its first proposal from as many peers as a quorum can spare, so that its own vote decides which peer sees a polka. It lets one peer see
 * one in every round, and precommits nil.
 */
export function onePeerLocked(effect: Transmit, own: Vote | Proposal, liar: LiarSetup, heard: Heard): readonly Transmit[] {
  const { peers } = liar;
  const peerAt = (place: number): string | undefined => peers[place % Math.max(1, peers.length)];
  const seeing = peerAt(own.height);
  if (own.type === 'proposal') {
    if (own.round > 0) return olderPolka(effect, own, liar, heard);
    const count = peers.length + 1;
    const spare = count - Math.floor((2 * count) / 3) - 1;
    const blind = Array.from({ length: spare }, (_, index) => peerAt(own.height + 1 + index));
    return [{ ...effect, to: effect.to.filter((peer) => !blind.includes(peer)) }];
  }
  const nil = signed(own, { value: null }, liar);
  if (own.voteType === 'precommit') return [{ ...effect, data: nil }];
  const proposed = heard.proposals.findLast(({ height, round }) => height === own.height && round === own.round);
  const value = own.value ?? proposed?.value ?? null;
  return [
    { ...effect, to: effect.to.filter((peer) => peer === seeing), data: signed(own, { value }, liar) },
    { ...effect, to: effect.to.filter((peer) => peer !== seeing), data: nil },
  ];
}
