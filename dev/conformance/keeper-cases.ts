/** Families `keeper` (the engine) and `votekeeper` (the specification): the vote keeper alone. */
import {
  countVote,
  emptyKeeper,
  roundVotes,
  type Threshold,
  type ValidatorPower,
  type Vote,
  validatorSet,
  votesOf,
} from '../../actors/tendermint/index.ts';
import { type CaseResult, notOk, type Row } from './verdict.ts';

interface RecordedTally {
  readonly w: readonly (readonly [string | null, number])[];
  readonly by: readonly string[];
}

interface KeeperStep {
  readonly vote: { readonly t: string; readonly src: string; readonly h: number; readonly r: number; readonly v: string | null };
  readonly cur: number;
  readonly out: Row;
  readonly votedRound: { readonly pv: RecordedTally; readonly pc: RecordedTally };
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

export function judgeKeeper({ family, validators, steps }: KeeperCase): CaseResult {
  const set = validatorSet(validators);
  let keeper = emptyKeeper;
  for (const [index, { vote: recorded, cur, out, votedRound }] of steps.entries()) {
    const vote: Vote = {
      type: 'vote',
      voteType: recorded.t === 'Prevote' ? 'prevote' : 'precommit',
      height: recorded.h,
      round: recorded.r,
      value: recorded.v,
      validator: recorded.src,
      signature: new Uint8Array(0),
    };
    const before = roundVotes(keeper, vote.round);
    const counted = votesOf(before[vote.voteType]).find(({ validator }) => validator === vote.validator);
    const result = countVote(keeper, vote, cur, set);
    keeper = result.keeper;
    const got = rowOf(result.threshold);
    if (JSON.stringify(got) !== JSON.stringify(out)) {
      const rule =
        family === 'votekeeper' ? difference(out, counted, vote, set.indexes.has(vote.validator), before.reported) : undefined;
      if (rule !== undefined) return { type: 'ok', differs: rule };
      // A repeated vote may give an output that was masked before.
      if (counted?.value === vote.value) continue;
      return notOk(index, out, got);
    }
    const round = roundVotes(keeper, vote.round);
    for (const [name, tally] of [
      ['pv', round.prevote],
      ['pc', round.precommit],
    ] as const) {
      const wanted = tallyText(votedRound[name].w, votedRound[name].by);
      const has = tallyText(
        tally.weights.map(({ value, power }) => [value, power] as const),
        votesOf(tally).map(({ validator }) => validator),
      );
      if (wanted !== has) {
        if (family === 'votekeeper' && !set.indexes.has(vote.validator))
          return { type: 'ok', differs: 'an unknown validator is recorded' };
        return notOk(index, wanted, has);
      }
    }
  }
  return { type: 'ok' };
}

/** The named differences between specification and engine that touch the keeper. */
function difference(
  out: Row,
  counted: Vote | undefined,
  vote: Vote,
  isKnown: boolean,
  reported: readonly string[],
): string | undefined {
  if (!isKnown) return 'an unknown validator is recorded';
  if (counted !== undefined && counted.value !== vote.value) return 'an equivocating vote may still reach a threshold';
  if (out[0] === 'SkipVKOutput' || reported.includes('skipRound'))
    return 'skip is repeated, and beats a precommit quorum of a future round';
  return undefined;
}

function rowOf(threshold: Threshold | undefined): Row {
  if (threshold === undefined) return ['NoVKOutput'];
  return 'value' in threshold
    ? [outputs[threshold.type], threshold.round, threshold.value]
    : [outputs[threshold.type], threshold.round];
}

function tallyText(weights: readonly (readonly [string | null, number])[], by: readonly string[]): string {
  return JSON.stringify([weights.map((weight) => JSON.stringify(weight)).sort(), [...by].sort()]);
}
