/**
 * The finalization period: after a decision a node waits before it ends the height, and takes precommits that come late into its certificate. What is stored
 * and given to the application is the decision as it is at the end of the period. Evidence of equivocation is reported then.
 *
 * After Malachite's `target_time` (core-consensus, handle/decide.rs and finalize.rs) and CometBFT's `timeout_commit`. Malachite counts from the beginning of the
 * height; here, as in CometBFT, the period begins with the decision. A decision by value sync is final at once, as in Malachite.
 */
import { type Driven, type DriverOutput, draftOf, type HeightState } from './height-state.ts';
import { signatureOf } from './round-events.ts';
import type { Decision, Proposal, TendermintInput, Vote } from './types.ts';
import { countVote, roundVotes, votesOf } from './vote-keeper.ts';

/** Whether the node has decided, and waits for the end of the period. */
export function isFinalizing({ step, decision, hasPeriod, isFinal }: HeightState): boolean {
  return hasPeriod && step === 'commit' && decision !== undefined && !isFinal;
}

/** Whether this input can still change a height that waits: votes, proposals (for evidence), and the end of the period. */
export function isOfPeriod(state: HeightState, input: TendermintInput): boolean {
  if (!isFinalizing(state)) return false;
  if (input.type === 'timeout') return input.kind === 'finalize';
  return input.type === 'vote' || input.type === 'proposal';
}

/** Applies an input in the period. Nothing of it changes what was decided. */
export function driveFinalizing(state: HeightState, input: TendermintInput, outputs: DriverOutput[]): Driven {
  const draft = draftOf(state);
  switch (input.type) {
    case 'vote':
      draft.keeper = countVote(state.keeper, input, state.round, state.set).keeper;
      return { state: draft, outputs };
    case 'proposal':
      draft.proposals = [...state.proposals, input];
      return { state: draft, outputs };
    case 'timeout':
      finalize(draft, outputs);
      return { state: draft, outputs };
    default:
      return { state, outputs };
  }
}

/** Ends the height: the decision with all precommits for it, and the evidence of the height. */
export function finalize(draft: { -readonly [Field in keyof HeightState]: HeightState[Field] }, outputs: DriverOutput[]): void {
  const { decision } = draft;
  if (decision === undefined) return;
  const final = withLatePrecommits(draft, decision);
  const evidence = evidenceIn(draft);
  const { height, round, value, votes } = final;
  const grew = votes.length > decision.votes.length;
  outputs.push({ type: 'decide', decision: final }, ...evidence, {
    type: 'report',
    event: 'finalized',
    detail: { height, round, value, signers: votes.length, grew, evidence: evidence.length },
  });
  draft.decision = final;
  draft.isFinal = true;
}

/** The votes of the decision, and those for it that were counted since. A certificate that came whole may have votes that were never counted here. */
function withLatePrecommits({ keeper }: HeightState, decision: Decision): Decision {
  const counted = votesOf(roundVotes(keeper, decision.round).precommit).filter(({ value }) => value === decision.value);
  const isCounted = (name: string): boolean => counted.some(({ validator }) => validator === name);
  const votes = [...decision.votes.filter(([validator]) => !isCounted(validator)), ...counted.map(signatureOf)];
  return votes.length === decision.votes.length ? decision : { ...decision, votes };
}

function evidenceIn({ keeper, proposals }: HeightState): readonly DriverOutput[] {
  const ofVotes = keeper.evidence.map(({ first, second }) => evidence(first.voteType, first.validator, first, second));
  const ofProposals = proposals.flatMap((second, index) => {
    const first = proposals.find((one) => one.round === second.round);
    const isSecond = first !== undefined && proposals.indexOf(first) < index && first.value !== second.value;
    return isSecond ? [evidence('proposal', second.proposer, first, second)] : [];
  });
  return [...ofVotes, ...ofProposals];
}

/** Two different messages of one validator at one place. */
export function evidence(kind: string, validator: string, first: Vote | Proposal, second: Vote | Proposal): DriverOutput {
  const detail = { kind, validator, height: first.height, round: first.round, first: first.value, second: second.value };
  return { type: 'report', event: 'evidence', detail };
}
