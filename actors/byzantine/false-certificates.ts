/** False certificates: with forged signatures, below a quorum, with repeated or foreign signers, or of another height. */
import type { WireData } from '../../core/effects.ts';
import type { CommitCertificate, PolkaCertificate, Proposal, SignatureOf, Vote } from '../tendermint/types.ts';
import { type Heard, type Place, placesWithVotes, signaturesFor } from './heard.ts';
import { type LiarSetup, otherValue, signed, type Transmit } from './lie-parts.ts';

type Told = (effect: Transmit, own: Vote | Proposal, liar: LiarSetup, heard: Heard) => readonly Transmit[];

/** Makes a lie that sends false certificates with each own vote, to all peers that receive the vote. */
function beside(certificates: (own: Vote, liar: LiarSetup, heard: Heard) => readonly WireData[]): Told {
  return (effect, own, liar, heard) =>
    own.type === 'vote' ? [...certificates(own, liar, heard).map((data) => ({ ...effect, data })), effect] : [effect];
}

/** The value that the certificates are for: a proposed one if there is any, and else an invented one. */
function wanted(own: Vote, { proposals }: Heard): Place & { readonly data: Uint8Array } {
  const { height, round } = own;
  const known = proposals.findLast((one) => one.height === height && one.value !== own.value) ?? proposals.at(-1);
  const value = known?.height === height ? known.value : otherValue(`${height}.${round}`);
  return { height, round, value, data: known?.data ?? new Uint8Array() };
}

function both(place: Place, data: Uint8Array, prevotes: readonly SignatureOf[], precommits = prevotes): readonly WireData[] {
  const { height, round, value } = place;
  const polka: PolkaCertificate = { type: 'polkaCertificate', height, round, value, votes: prevotes };
  const commit: CommitCertificate = { type: 'commitCertificate', height, round, value, votes: precommits, data };
  return [polka, commit] as unknown as readonly WireData[];
}

function ownSignature(own: Vote, liar: LiarSetup, voteType: Vote['voteType'], { height, round, value }: Place): SignatureOf {
  return [liar.name, signed(own, { voteType, height, round, value }, liar).signature];
}

/** A certificate with signatures of all validators, made by the liar itself. */
export const forged: Told = beside((own, liar, heard) => {
  const { data, ...place } = wanted(own, heard);
  const [, signature] = ownSignature(own, liar, 'precommit', place);
  return both(
    place,
    data,
    [liar.name, ...liar.peers].map((name) => [name, signature] as const),
  );
});

/** A certificate of the real signatures so far. When the liar votes, it is often one signature short. */
export const belowQuorum: Told = beside((own, liar, heard) => {
  const [first] = placesWithVotes(heard, own.height);
  const place = first ?? wanted(own, heard);
  const data = heard.proposals.find(({ value }) => value === place.value)?.data ?? new Uint8Array();
  const withOwn = (voteType: Vote['voteType']): readonly SignatureOf[] => [
    ...signaturesFor(heard, voteType, place).filter(([name]) => name !== liar.name),
    ownSignature(own, liar, voteType, place),
  ];
  return both(place, data, withOwn('prevote'), withOwn('precommit'));
});

/** A certificate that repeats one signature as often as there are validators. */
export const repeated: Told = beside((own, liar, heard) => {
  const { data, ...place } = wanted(own, heard);
  const as = (voteType: Vote['voteType']): readonly SignatureOf[] =>
    ['', ...liar.peers].map(() => ownSignature(own, liar, voteType, place));
  return both(place, data, as('prevote'), as('precommit'));
});

/** A certificate with signers that are in no validator set. */
export const foreign: Told = beside((own, liar, heard) => {
  const { data, ...place } = wanted(own, heard);
  const as = (voteType: Vote['voteType']): readonly SignatureOf[] => {
    const [name, signature] = ownSignature(own, liar, voteType, place);
    return [[name, signature], ...liar.peers.map((peer) => [`${peer}-of-another-set`, signature] as const)];
  };
  return both(place, data, as('prevote'), as('precommit'));
});

/** The quorum of the height before or of another round, as a certificate of this one. */
export const otherHeight: Told = beside((own, _liar, heard) =>
  [
    ...placesWithVotes(heard, own.height - 1).slice(0, 1),
    ...placesWithVotes(heard, own.height).filter(({ round }) => round !== own.round),
  ].flatMap((place) => {
    const data = heard.proposals.find(({ value }) => value === place.value)?.data ?? new Uint8Array();
    const votes = [signaturesFor(heard, 'prevote', place), signaturesFor(heard, 'precommit', place)] as const;
    return both({ ...place, height: own.height, round: own.round }, data, ...votes);
  }),
);
