/**
 * The votes and proposals that a liar has received, for roles that use them. When a vote arrives, votes are dropped whose height is more than one below its own.
 * At most 200 votes are kept, the new one included. The same holds for proposals.
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
    return { votes: [...recent(votes, message as unknown as Vote), message as unknown as Vote], proposals };
  if (message.type !== 'proposal') return heard;
  const proposal = message as unknown as Proposal;
  return { votes, proposals: [...recent(proposals, proposal), proposal] };
}

function recent<Said extends { readonly height: number }>(said: readonly Said[], { height }: Said): readonly Said[] {
  return said.filter((one) => one.height >= height - 1).slice(1 - mostKept);
}

export interface Place {
  readonly height: number;
  readonly round: number;
  readonly value: string;
}

/** The signatures of all received votes of this type for this value, one for each validator that cast it. */
export function signaturesFor({ votes }: Heard, voteType: VoteType, { height, round, value }: Place): readonly SignatureOf[] {
  const found = new Map<string, Uint8Array>();
  for (const vote of votes)
    if (vote.voteType === voteType && vote.height === height && vote.round === round && vote.value === value)
      found.set(vote.validator, vote.signature);
  return [...found];
}

/** The values with prevotes at a height, and their rounds. The one with the most votes is first. */
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
