/** Families `keeper` (the engine) and `votekeeper` (the specification): the vote keeper alone. */
import {
  emptyKeeper,
  roundVotes,
  type Threshold,
  type ValidatorPower,
  type Vote,
  type VoteKeeper,
  validatorSet,
  votesOf,
} from '../../actors/tendermint/index.ts';
import type { Difference } from './differences.ts';
import type { TestedNode } from './tested-node.ts';
import { type Comparison, type Row, sortedRows } from './verdict.ts';

interface RecordedTally {
  readonly w: readonly (readonly [string | null, number])[];
  readonly by: readonly string[];
}

export interface RecordedVote {
  readonly t: string;
  readonly src: string;
  readonly h: number;
  readonly r: number;
  readonly v: string | null;
}

export interface VotedRound {
  readonly pv: RecordedTally;
  readonly pc: RecordedTally;
  readonly emitted?: readonly Row[];
  readonly aw?: readonly (readonly [string, number])[];
}

export interface KeeperStep {
  readonly vote: RecordedVote;
  readonly cur: number;
  /** Absent, with its tally: the vote is counted, and nothing compared. */
  readonly out?: Row;
  /** How many rounds have been seen. */
  readonly rounds?: number;
  readonly votedRound?: VotedRound;
  /** Pairs so far. */
  readonly evidence?: number;
}

export interface KeeperCase {
  readonly family: string;
  readonly validators: readonly ValidatorPower[];
  readonly steps: readonly KeeperStep[];
}

const outputs: Readonly<Record<Threshold['type'], string>> = {
  polkaAny: 'PolkaAnyVKOutput',
  polkaNil: 'PolkaNilVKOutput',
  polkaValue: 'PolkaValueVKOutput',
  precommitAny: 'PrecommitAnyVKOutput',
  precommitValue: 'PrecommitValueVKOutput',
  skipRound: 'SkipVKOutput',
};

export function judgeKeeper({ family, validators, steps }: KeeperCase, tested: TestedNode, comparison: Comparison): void {
  const set = validatorSet(validators);
  let keeper = emptyKeeper;
  // Outputs that came on a repeated vote in the record or here: where they first come out may differ.
  const onRepeats = new Set<string>();
  let hasUnknown = false;
  for (const [index, step] of steps.entries()) {
    const vote = voteOf(step.vote);
    const before = roundVotes(keeper, vote.round);
    const first = votesOf(before[vote.voteType]).find(({ validator }) => validator === vote.validator);
    const isKnown = set.indexes.has(vote.validator);
    hasUnknown ||= !isKnown;
    const result = tested.countVote(keeper, vote, step.cur, set);
    keeper = result.keeper;
    const { out, votedRound } = step;
    if (out === undefined || votedRound === undefined) continue;
    const got = thresholdRow(result.threshold);
    const isRepeated = first !== undefined && first.value === vote.value;
    if (isRepeated) for (const row of [out, got]) onRepeats.add(JSON.stringify(row));
    const difference = family === 'votekeeper' ? differenceIn(out, vote.value, first, isKnown, before.reported, got) : undefined;
    if (difference !== undefined) {
      comparison.differs(difference);
      return;
    }
    if (!isRepeated && !comparison.rows('outputs', index, [out], [got])) return;
    if (!isTally(comparison, index, votedRound, keeper, vote.round, onRepeats)) return;
    if (step.evidence !== undefined && step.evidence !== keeper.evidence.length) {
      comparison.fail(index, { evidence: step.evidence }, { evidence: keeper.evidence.length });
      return;
    }
    comparison.count('evidence', step.evidence === undefined ? 0 : step.evidence);
    if (step.rounds !== undefined && !hasUnknown && step.rounds !== keeper.rounds.length) {
      comparison.fail(index, { rounds: step.rounds }, { rounds: keeper.rounds.length });
      return;
    }
  }
}

/** Where the specification's keeper differs from the engine's, and this keeper did as the engine does. */
function differenceIn(
  out: Row,
  value: string | null,
  first: Vote | undefined,
  isKnown: boolean,
  reported: readonly string[],
  got: Row,
): Difference | undefined {
  if (!isKnown) return got[0] === 'NoVKOutput' ? 'unknownValidator' : undefined;
  if (JSON.stringify(out) === JSON.stringify(got)) return undefined;
  if (first !== undefined && first.value !== value) return got[0] === 'NoVKOutput' ? 'equivocationCounts' : undefined;
  if (out[0] !== 'SkipVKOutput') return undefined;
  const isOnce = got[0] === 'NoVKOutput' && reported.includes('skipRound');
  return isOnce || (got[0] === 'PrecommitValueVKOutput' && got[2] === value) ? 'skipRepeated' : undefined;
}

/** The tallies of the vote's round: power by value and voters of both types, all voters, and the outputs so far. */
function isTally(
  comparison: Comparison,
  index: number,
  { pv, pc, emitted, aw }: VotedRound,
  keeper: VoteKeeper,
  round: number,
  onRepeats: ReadonlySet<string>,
): boolean {
  const votes = roundVotes(keeper, round);
  for (const [recorded, tally] of [
    [pv, votes.prevote],
    [pc, votes.precommit],
  ] as const) {
    comparison.count('tallies');
    const wanted = [recorded.w, [...recorded.by].sort()];
    const got = [
      tally.weights.map(({ value, power }) => [value, power]),
      votesOf(tally)
        .map(({ validator }) => validator)
        .sort(),
    ];
    if (sortedRows(recorded.w) !== sortedRows(got[0] as Row[]) || JSON.stringify(wanted[1]) !== JSON.stringify(got[1]))
      return comparison.fail(index, wanted, got);
  }
  const power = (aw ?? []).reduce((sum, [, own]) => sum + own, 0);
  if (aw !== undefined && power !== votes.power) return comparison.fail(index, { power }, { power: votes.power });
  if (emitted === undefined) return true;
  const isFirst = (row: Row): boolean => !onRepeats.has(JSON.stringify(row));
  const got = votes.reported.map((key): Row => {
    const [type, ...value] = key.split(' ');
    const name = outputs[type as Threshold['type']];
    return value.length === 0 ? [name, round] : [name, round, value.join(' ')];
  });
  return comparison.rows('tallies', index, emitted.filter(isFirst), got.filter(isFirst));
}

function voteOf({ t, src, h, r, v }: RecordedVote): Vote {
  const voteType = t === 'Prevote' ? 'prevote' : 'precommit';
  return { type: 'vote', voteType, height: h, round: r, value: v, validator: src, signature: new Uint8Array(0) };
}

function thresholdRow(threshold: Threshold | undefined): Row {
  if (threshold === undefined) return ['NoVKOutput'];
  const { type, round } = threshold;
  return 'value' in threshold ? [outputs[type], round, threshold.value] : [outputs[type], round];
}
