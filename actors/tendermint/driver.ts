/**
 * The driver: turns single inputs into the complex events of the round chart and carries out what the chart says. Pure.
 *
 * Everything received is kept for the height, and after each step change it is looked at again: nothing is dropped that a later
 * step could need. Not here: what comes for later heights, admission, and how messages look on disk and wire (definition.ts).
 */
import { driveFinalizing, evidence, isFinalizing } from './finalization.ts';
import { type Draft, type Driven, type DriverOutput, draftOf, type HeightState } from './height-state.ts';
import { apply, applyEvent, precommitExtended, proposalMessage } from './round-actions.ts';
import type { RoundEvent } from './round-chart.ts';
import { isProposer, isTimely, nextEvent } from './round-events.ts';
import type { Proposal, TendermintInput, Timeout, TimeoutKind } from './types.ts';
import { countVote, emptyKeeper, type VoteKeeper } from './vote-keeper.ts';

/** Different proposals kept a round. */
export const maxProposals = 8;

export function startHeight(node: Starting, height: number): Driven {
  return settle(newHeight(node, height), [started(height)]);
}

/** A height of a node whose consensus is switched off. It enters no round and arms no timer; only a certificate with its value ends the height. */
export function awaitDecision(node: Starting, height: number): Driven {
  return { state: newHeight(node, height), outputs: [started(height)] };
}

type Starting = Pick<HeightState, 'self' | 'set' | 'proposers'> & {
  readonly hasKey: boolean;
  readonly isExtended?: boolean;
  readonly hasPeriod?: boolean;
};

function started(height: number): DriverOutput {
  return { type: 'report', event: 'height.start', detail: { height } };
}

function newHeight(
  { self, set, proposers, hasKey, isExtended = false, hasPeriod = false }: Starting,
  height: number,
): HeightState {
  return {
    self,
    isVoting: hasKey && set.indexes.has(self),
    set,
    proposers,
    height,
    round: 0,
    step: 'unstarted',
    locked: undefined,
    valid: undefined,
    keeper: emptyKeeper,
    proposals: [],
    polkas: [],
    commits: [],
    started: [],
    hasProposed: false,
    validated: [],
    entered: null,
    decision: undefined,
    hasPeriod,
    isFinal: false,
    isExtended,
    extending: undefined,
  };
}

/** Applies one input of the present height. */
export function drive(state: HeightState, input: TendermintInput): Driven {
  const outputs: DriverOutput[] = [];
  if (state.step === 'commit') return isFinalizing(state) ? driveFinalizing(state, input, outputs) : { state, outputs };
  switch (input.type) {
    case 'vote': {
      const { keeper, threshold, contradicts } = countVote(state.keeper, input, state.round, state.set);
      if (contradicts !== undefined && !state.hasPeriod)
        outputs.push(evidence(input.voteType, contradicts.validator, contradicts, input));
      const next = keeper === state.keeper ? state : withKeeper(state, keeper);
      return threshold === undefined ? { state: next, outputs } : settle(next, outputs);
    }
    case 'roundCertificate': {
      let { keeper } = state;
      for (const vote of input.votes) keeper = countVote(keeper, vote, state.round, state.set).keeper;
      return settle(withKeeper(state, keeper), outputs);
    }
    case 'proposal':
      return keepProposal(state, input, outputs);
    case 'value': {
      const isWanted = state.step === 'propose' && input.round === state.round && !state.hasProposed;
      if (!isWanted || !isProposer(state)) return { state, outputs };
      outputs.push({ type: 'say', message: proposalMessage(state, input.value, input.data, -1) });
      return settle(applyEvent(state, 'proposeValue', {}, outputs), outputs);
    }
    case 'extension': {
      const { round, value, bytes } = input;
      if (round !== state.round || value !== state.extending) return { state, outputs };
      const draft = draftOf(state);
      precommitExtended(draft, value, bytes, outputs);
      return { state: draft, outputs };
    }
    case 'timeout':
      return elapse(state, input, outputs);
    case 'polkaCertificate': {
      const draft = draftOf(state);
      draft.polkas = [...state.polkas, input];
      return settle(draft, outputs);
    }
    case 'commitCertificate': {
      const draft = draftOf(state);
      draft.commits = [...state.commits, input];
      return settle(draft, outputs);
    }
    default:
      return { state, outputs };
  }
}

const timeoutEvents: Readonly<Record<TimeoutKind, RoundEvent>> = {
  propose: 'timeoutPropose',
  prevote: 'timeoutPrevote',
  precommit: 'timeoutPrecommit',
};

function elapse(state: HeightState, timeout: Timeout, outputs: DriverOutput[]): Driven {
  const { kind } = timeout;
  if (kind === 'finalize' || !isTimely(state, timeout)) return { state, outputs };
  outputs.push({ type: 'report', event: 'timeout', detail: { height: state.height, round: timeout.round, step: timeout.kind } });
  const toRound = state.round + 1;
  return settle(applyEvent(state, timeoutEvents[kind], { round: toRound }, outputs), outputs);
}

function keepProposal(state: HeightState, proposal: Proposal, outputs: DriverOutput[]): Driven {
  const others = state.proposals.filter(({ round }) => round === proposal.round);
  const first = others.find(({ value }) => value !== proposal.value);
  const isKnown = others.some(({ value }) => value === proposal.value);
  if (isKnown || others.length >= maxProposals) return settle(state, outputs);
  if (first !== undefined && !state.hasPeriod)
    outputs.push(evidence('proposal', proposal.proposer, others[0] as Proposal, proposal));
  const draft = draftOf(state);
  draft.proposals = [...state.proposals, proposal];
  return settle(draft, outputs);
}

function withKeeper(state: HeightState, keeper: VoteKeeper): HeightState {
  const draft = draftOf(state);
  draft.keeper = keeper;
  return draft;
}

/** Applies complex events until none is left. All of them together cost one copy of the state. */
function settle(from: HeightState, outputs: DriverOutput[]): Driven {
  let draft: Draft | undefined;
  for (let next = nextEvent(from); next !== undefined; next = nextEvent(draft)) {
    draft ??= draftOf(from);
    apply(draft, next, outputs);
  }
  return { state: draft ?? from, outputs };
}
