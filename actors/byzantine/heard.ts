/**
 * Votes and proposals that a liar has heard, to be used against others. Bounded: when one arrives, older ones stay only if they are of its height, the
 * height before, or a later one, and at most 200 in all.
 */
import type { Message } from '../../core/effects.ts';
import type { Proposal, SignatureOf, Vote, VoteType } from '../tendermint/types.ts';

export interface Heard {
  readonly votes: readonly Vote[];
  readonly proposals: readonly Proposal[];
}

export const nothingHeard: Heard = { votes: [], proposals: [] };

const mostKept = 200;

export function withHeard(heard: Heard, message: Message): Heard {
  const { votes, proposals } = heard;
  if (message.type === 'vote')
    return { votes: [...fresh(votes, message as unknown as Vote), message as unknown as Vote], proposals };
  if (message.type !== 'proposal') return heard;
  const proposal = message as unknown as Proposal;
  return { votes, proposals: [...fresh(proposals, proposal), proposal] };
}

function fresh<Said extends { readonly height: number }>(said: readonly Said[], { height }: Said): readonly Said[] {
  return said.filter((one) => one.height >= height - 1).slice(1 - mostKept);
}

export interface Place {
  readonly height: number;
  readonly round: number;
  readonly value: string;
}

/** Signatures of the validators that voted so, each once. */
export function signaturesFor({ votes }: Heard, voteType: VoteType, { height, round, value }: Place): readonly SignatureOf[] {
  const found = new Map<string, Uint8Array>();
  for (const vote of votes)
    if (vote.voteType === voteType && vote.height === height && vote.round === round && vote.value === value)
      found.set(vote.validator, vote.signature);
  return [...found];
}

/** Values that got a prevote at a height, with their rounds, the one with most votes first. */
export function placesWithVotes({ votes }: Heard, height: number): readonly Place[] {
  const counts = new Map<string, { readonly place: Place; readonly voters: Set<string> }>();
  for (const { voteType, height: at, round, value, validator } of votes) {
    if (voteType !== 'prevote' || at !== height || value === null) continue;
    const key = `${round} ${value}`;
    const entry = counts.get(key) ?? { place: { height, round, value }, voters: new Set<string>() };
    entry.voters.add(validator);
    counts.set(key, entry);
  }
  return [...counts.values()].sort((a, b) => b.voters.size - a.voters.size).map(({ place }) => place);
}
