/**
 * The vote keeper: weighs the votes of a height by voting power, round by round, and reports each threshold once.
 *
 * The first vote of each validator, round and type counts. Up to eight further, different votes are kept as evidence. States share their parts: adding a vote
 * copies the few tallies of a round and one bit set.
 */
import type { ValidatorPower, Vote, VoteType } from './types.ts';
import { isHonest, isQuorum, type ValidatorSet } from './validators.ts';

/** Votes as a linked list, newest first. */
interface VoteList {
  readonly vote: Vote;
  readonly older: VoteList | undefined;
}

export interface Tally {
  readonly weights: readonly { readonly value: string | null; readonly power: number }[];
  readonly power: number;
  readonly votes: VoteList | undefined;
  readonly voters: readonly number[];
}

export interface RoundVotes {
  readonly round: number;
  readonly prevote: Tally;
  readonly precommit: Tally;
  /** The power that has voted in this round, with either type of vote. */
  readonly power: number;
  readonly voters: readonly number[];
  /** The thresholds that were reported so far. */
  readonly reported: readonly string[];
}

export interface VoteKeeper {
  readonly rounds: readonly RoundVotes[];
  readonly evidence: readonly { readonly first: Vote; readonly second: Vote }[];
}

export type Threshold =
  | { readonly type: 'polkaAny' | 'polkaNil' | 'precommitAny' | 'skipRound'; readonly round: number }
  | { readonly type: 'polkaValue' | 'precommitValue'; readonly round: number; readonly value: string };

export interface Counted {
  readonly keeper: VoteKeeper;
  readonly threshold: Threshold | undefined;
  /** The vote that counted before this one, if this one contradicts it and is new evidence. */
  readonly contradicts: Vote | undefined;
}

export const emptyKeeper: VoteKeeper = { rounds: [], evidence: [] };
const emptyTally: Tally = { weights: [], power: 0, votes: undefined, voters: [] };
const maxEvidence = 8;

export function roundVotes({ rounds }: VoteKeeper, round: number): RoundVotes {
  for (const entry of rounds) if (entry.round === round) return entry;
  return newRound(round);
}

/** Counts a vote at a node that is in round `present`. Votes of unknown validators change nothing. */
export function countVote(keeper: VoteKeeper, vote: Vote, present: number, set: ValidatorSet): Counted {
  const index = set.indexes.get(vote.validator);
  if (index === undefined) return { keeper, threshold: undefined, contradicts: undefined };
  const power = (set.validators[index] as ValidatorPower)[1];
  const before = roundVotes(keeper, vote.round);
  const isPrevote = vote.voteType === 'prevote';
  const tally = isPrevote ? before.prevote : before.precommit;
  let after = before;
  if (hasBit(tally.voters, index)) {
    const first = voteBy(tally, vote.validator) as Vote;
    if (first.value !== vote.value) return contradict(keeper, first, vote);
  } else {
    const isFirst = !hasBit(before.voters, index);
    const counted = addVote(tally, vote, index, power);
    // Copies in hot loops name their fields: an object spread costs twenty times as much (docs/decisions/0006).
    after = {
      round: before.round,
      prevote: isPrevote ? counted : before.prevote,
      precommit: isPrevote ? before.precommit : counted,
      power: isFirst ? before.power + power : before.power,
      voters: isFirst ? withBit(before.voters, index) : before.voters,
      reported: before.reported,
    };
  }
  const threshold = reached(after, vote, present, set.total);
  if (threshold === undefined || after.reported.includes(keyOf(threshold)))
    return { keeper: after === before ? keeper : put(keeper, after), threshold: undefined, contradicts: undefined };
  const { round, prevote, precommit, voters } = after;
  const reported = [...after.reported, keyOf(threshold)];
  const told: RoundVotes = { round, prevote, precommit, power: after.power, voters, reported };
  return { keeper: put(keeper, told), threshold, contradicts: undefined };
}

/** The counted vote of a validator. */
export function voteBy(tally: Tally, validator: string): Vote | undefined {
  for (let list = tally.votes; list !== undefined; list = list.older) if (list.vote.validator === validator) return list.vote;
  return undefined;
}

/** The counted votes, oldest first. */
export function votesOf({ votes }: Tally): readonly Vote[] {
  const all: Vote[] = [];
  for (let list = votes; list !== undefined; list = list.older) all.push(list.vote);
  return all.reverse();
}

export function powerFor({ weights }: Tally, value: string | null): number {
  for (const weight of weights) if (weight.value === value) return weight.power;
  return 0;
}

export function hasVote(keeper: VoteKeeper, { round, voteType, validator, value }: Vote): boolean {
  const counted = voteBy(roundVotes(keeper, round)[voteType], validator);
  if (counted === undefined) return false;
  if (counted.value === value) return true;
  const pairs = keeper.evidence.filter(({ first }) => first === counted);
  return pairs.length >= maxEvidence || pairs.some(({ second }) => second.value === value);
}

function reached(round: RoundVotes, vote: Vote, present: number, total: number): Threshold | undefined {
  const tally = round[vote.voteType];
  const threshold = thresholdOf(tally, vote.voteType, vote.value, round.round, total);
  if (round.round > present && isHonest(round.power, total) && threshold?.type !== 'precommitValue')
    return { type: 'skipRound', round: round.round };
  return threshold;
}

function thresholdOf(tally: Tally, type: VoteType, value: string | null, round: number, total: number): Threshold | undefined {
  if (isQuorum(powerFor(tally, value), total)) {
    if (value !== null) return { type: type === 'prevote' ? 'polkaValue' : 'precommitValue', round, value };
    return { type: type === 'prevote' ? 'polkaNil' : 'precommitAny', round };
  }
  if (!isQuorum(tally.power, total)) return undefined;
  return { type: type === 'prevote' ? 'polkaAny' : 'precommitAny', round };
}

function contradict(keeper: VoteKeeper, first: Vote, second: Vote): Counted {
  if (hasVote(keeper, second)) return { keeper, threshold: undefined, contradicts: undefined };
  const evidence = [...keeper.evidence, { first, second }];
  return { keeper: { rounds: keeper.rounds, evidence }, threshold: undefined, contradicts: first };
}

function addVote(tally: Tally, vote: Vote, index: number, power: number): Tally {
  const weights: { readonly value: string | null; readonly power: number }[] = [];
  let isKnown = false;
  for (const weight of tally.weights) {
    const isThis = weight.value === vote.value;
    if (isThis) isKnown = true;
    weights.push(isThis ? { value: weight.value, power: weight.power + power } : weight);
  }
  if (!isKnown) weights.push({ value: vote.value, power });
  return { weights, power: tally.power + power, votes: { vote, older: tally.votes }, voters: withBit(tally.voters, index) };
}

function keyOf(threshold: Threshold): string {
  return 'value' in threshold ? `${threshold.type} ${threshold.value}` : threshold.type;
}

function put(keeper: VoteKeeper, round: RoundVotes): VoteKeeper {
  const rounds: RoundVotes[] = [];
  let isKnown = false;
  for (const entry of keeper.rounds) {
    const isThis = entry.round === round.round;
    if (isThis) isKnown = true;
    rounds.push(isThis ? round : entry);
  }
  if (!isKnown) rounds.push(round);
  return { rounds, evidence: keeper.evidence };
}

function newRound(round: number): RoundVotes {
  return { round, prevote: emptyTally, precommit: emptyTally, power: 0, voters: [], reported: [] };
}

function hasBit(bits: readonly number[], index: number): boolean {
  return (((bits[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

function withBit(bits: readonly number[], index: number): readonly number[] {
  const copy = bits.slice();
  while (copy.length <= index >> 5) copy.push(0);
  copy[index >> 5] = (copy[index >> 5] ?? 0) | (1 << (index & 31));
  return copy;
}
