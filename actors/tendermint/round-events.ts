/**
 * Finds the next event of the round chart in the messages that were received. Most are rules of the paper ("upon ...") and carry their line in
 * Algorithm 1 of "The latest gossip on BFT consensus"; a new round and a polka that comes late have no such line. Pure questions; nothing is changed here.
 */
import type { HeightState } from './height-state.ts';
import { proposerOf } from './proposers.ts';
import type { RoundEvent } from './round-chart.ts';
import type { Decision, Proposal, SignatureOf, Timeout, Vote } from './types.ts';
import { isHonest, isQuorum } from './validators.ts';
import { powerFor, roundVotes, votesOf } from './vote-keeper.ts';

/** The subject of an event: a proposal, the round to enter, a decision, or nothing. */
export interface Subject {
  readonly proposal?: Proposal;
  readonly round?: number;
  readonly decision?: Decision;
}

export interface Found {
  readonly event: RoundEvent;
  readonly subject: Subject;
}

/** The next event for which the chart has a transition, and that was not applied yet. Undefined if there is none. */
export function nextEvent(state: HeightState): Found | undefined {
  const { step } = state;
  if (step === 'commit') return undefined;
  const decision = findDecision(state);
  if (decision !== undefined) return { event: 'proposalAndPrecommitValue', subject: { decision } };
  if (step === 'unstarted') return { event: newRoundEvent(state), subject: {} };
  const skip = findSkip(state);
  if (skip !== undefined) return { event: 'roundSkip', subject: { round: skip } };
  const found = step === 'propose' ? findProposal(state) : step === 'prevote' ? findPolka(state) : findLatePolka(state);
  if (found !== undefined) return found;
  const { precommit } = roundVotes(state.keeper, state.round);
  const isAny = isQuorum(precommit.power, state.set.total) || state.commits.some(({ round }) => round === state.round);
  if (isAny && !state.started.includes('precommit')) return { event: 'precommitAny', subject: {} };
  return undefined;
}

/** L49: a quorum of precommits for a value that is known and valid, in any round. A certificate was checked when it arrived. */
function findDecision({ height, keeper, set, proposals, commits }: HeightState): Decision | undefined {
  for (const { round, value, data, validity } of proposals) {
    if (validity !== true) continue;
    const { precommit } = roundVotes(keeper, round);
    if (!isQuorum(powerFor(precommit, value), set.total)) continue;
    const votes = votesOf(precommit).filter((vote) => vote.value === value);
    return { height, round, value, data, votes: votes.map(signatureOf) };
  }
  for (const { round, value, data, votes } of commits) {
    const known = data ?? proposals.find((proposal) => proposal.value === value && proposal.validity === true)?.data;
    if (known !== undefined) return { height, round, value, data: known, votes };
  }
  return undefined;
}

export function signatureOf({ validator, signature, extension }: Vote): SignatureOf {
  return extension === undefined ? [validator, signature] : [validator, signature, extension];
}

/** L55: the later round in which more than a third has voted, or of which a certificate shows a quorum. */
function findSkip({ round, keeper, set, polkas, commits }: HeightState): number | undefined {
  for (const later of keeper.rounds) if (later.round > round && isHonest(later.power, set.total)) return later.round;
  const isLater = (certificate: { readonly round: number }): boolean => certificate.round > round;
  return (commits.find(isLater) ?? polkas.find(isLater))?.round;
}

function newRoundEvent(state: HeightState): RoundEvent {
  if (!isProposer(state)) return 'newRound';
  return state.valid === undefined ? 'newRoundProposer' : 'newRoundProposerWithValid';
}

/** L22, L28: the first proposal of this round that can be voted on. */
function findProposal(state: HeightState): Found | undefined {
  for (const proposal of state.proposals) {
    if (proposal.round !== state.round) continue;
    const isValid = proposal.validity === true;
    const { polRound } = proposal;
    if (polRound === -1) return { event: isValid ? 'proposal' : 'invalidProposal', subject: { proposal } };
    if (polRound < state.round && hasPolka(state, polRound, proposal.value)) {
      const event = isValid ? 'proposalAndPolkaPrevious' : 'invalidProposalAndPolkaPrevious';
      return { event, subject: { proposal } };
    }
  }
  return undefined;
}

/** L34, L36, L44. */
function findPolka(state: HeightState): Found | undefined {
  const proposal = proposalWithPolka(state);
  if (proposal !== undefined) return { event: 'proposalAndPolkaCurrent', subject: { proposal } };
  const { prevote } = roundVotes(state.keeper, state.round);
  if (isQuorum(powerFor(prevote, null), state.set.total)) return { event: 'polkaNil', subject: {} };
  const isAny = isQuorum(prevote.power, state.set.total) || state.polkas.some(({ round }) => round === state.round);
  if (isAny && !state.started.includes('prevote')) return { event: 'polkaAny', subject: {} };
  return undefined;
}

/** L36, at the step precommit: the value becomes the valid one, and the lock stays. */
function findLatePolka(state: HeightState): Found | undefined {
  const proposal = proposalWithPolka(state);
  if (proposal === undefined) return undefined;
  return { event: 'proposalAndPolkaCurrent', subject: { proposal } };
}

function proposalWithPolka(state: HeightState): Proposal | undefined {
  return state.proposals.find(
    ({ round, value, validity }) =>
      round === state.round && validity === true && !state.validated.includes(value) && hasPolka(state, round, value),
  );
}

export function isProposer({ isVoting, self, proposers, set, height, round }: HeightState): boolean {
  return isVoting && proposerOf(proposers, set, height, round) === self;
}

export function hasPolka({ keeper, set, polkas }: HeightState, round: number, value: string): boolean {
  if (isQuorum(powerFor(roundVotes(keeper, round).prevote, value), set.total)) return true;
  return polkas.some((certificate) => certificate.round === round && certificate.value === value);
}

/** Whether an elapsed timer still matters at the present round and step. */
export function isTimely({ round, step }: HeightState, timeout: Timeout): boolean {
  if (timeout.round !== round || step === 'commit' || step === 'unstarted') return false;
  return timeout.kind === 'precommit' || timeout.kind === step;
}
