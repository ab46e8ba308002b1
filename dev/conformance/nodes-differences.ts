/** Steps of the specification's nodes that the engine takes otherwise: found in the record alone, with what the engine does instead. */
import type { Delivered } from './delivered.ts';
import type { Difference } from './differences.ts';
import type { RecordedVote } from './keeper-cases.ts';
import type { Shown } from './node-ahead.ts';
import type { NodesStep, RecordedProposal } from './nodes-inputs.ts';
import type { RecordedState, Row } from './verdict.ts';

export interface StepDifference {
  readonly name: Difference;
  /** What this step of the engine shows. */
  readonly engine: Shown;
}

/** `before`: the state of the trace. */
export function stepDifference(step: NodesStep, before: RecordedState, delivered: Delivered): StepDifference | undefined {
  const [tag, first] = step.in;
  if (step.out[0] === 'NoConsensusOutput' || step.out[0] === 'ErrorOutput') return undefined;
  if (before.s !== 'No' && step.post.r > before.r) return roleDifference(step, before, delivered);
  const nothing = (name: Difference): StepDifference => ({ name, engine: { out: [], timers: [], state: before } });
  switch (tag) {
    case 'ProposeValueDInput':
      return before.s === 'Propose' ? undefined : nothing('valueAfterTimer');
    case 'ProposalDInput': {
      const { v, r, vr } = first as RecordedProposal;
      const isWaited = v === 'invalid' && r === before.r && vr !== -1 && (vr >= r || !delivered.hasPolka(vr, v));
      return isWaited ? nothing('invalidAtOnce') : undefined;
    }
    case 'VoteDInput':
      return delivered.contradicts(first as RecordedVote) ? nothing('equivocationCounts') : undefined;
    default:
      return undefined;
  }
}

/** The specification is still in the old round when it asks for the proposer, so it takes the proposer of the round after that. */
function roleDifference({ n, post }: NodesStep, before: RecordedState, { proposerOf }: Delivered): StepDifference | undefined {
  const isProposer = proposerOf(post.r) === n;
  if (isProposer === (proposerOf(before.r + 1) === n)) return undefined;
  const proposesAgain = isProposer && post.vv !== null;
  const out: readonly Row[] = proposesAgain ? [['Propose', post.r, post.vv, post.vr]] : [];
  return { name: 'skipLeavesRound', engine: { out, timers: proposesAgain ? [] : [['Propose', post.r]], state: post } };
}

/** A timer that starts first, while the lock that the engine takes at once is put aside. */
export function isTimerBeforeLock([kind]: Row, { pending }: NodesStep): boolean {
  return kind === 'Prevote' && (pending ?? []).some(([tag]) => tag === 'ProposalAndPolkaAndValidCInput');
}

/** One validator has voted twice in a round, for different values. */
export function isContradictory(votes: readonly RecordedVote[]): boolean {
  return votes.some((vote) => votes.some(({ t, src, r, v }) => t === vote.t && src === vote.src && r === vote.r && v !== vote.v));
}
