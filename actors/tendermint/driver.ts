/**
 * The driver: turns single inputs into the complex events of the round chart and carries out what the chart says. Pure.
 *
 * Everything received is kept for the height, and after each step change it is looked at again: nothing is dropped that a later
 * step could need. Leaves out: what comes for later heights, admission, and how messages look on disk and wire (definition.ts).
 */
import { jumpTable, type RoundAction, type RoundEvent } from './round-chart.ts';
import type {
  CommitCertificate,
  Decision,
  PolkaCertificate,
  Proposal,
  RoundCertificate,
  RoundStep,
  TendermintInput,
  TendermintMessage,
  Timeout,
  TimeoutKind,
  Vote,
  VoteType,
} from './types.ts';
import { isHonest, isQuorum, type ProposerRule, proposerOf, type ValidatorSet } from './validators.ts';
import { countVote, emptyKeeper, powerFor, roundVotes, type VoteKeeper, votesOf } from './vote-keeper.ts';

export interface RoundAndValue {
  readonly round: number;
  readonly value: string;
}

export interface HeightState {
  readonly self: string;
  /** Has a key and is in the set. */
  readonly isVoting: boolean;
  readonly set: ValidatorSet;
  readonly proposers: ProposerRule;
  readonly height: number;
  readonly round: number;
  readonly step: RoundStep;
  readonly locked: RoundAndValue | undefined;
  readonly valid: RoundAndValue | undefined;
  readonly keeper: VoteKeeper;
  readonly proposals: readonly Proposal[];
  readonly polkas: readonly PolkaCertificate[];
  readonly commits: readonly CommitCertificate[];
  /** Timers started in the present round. */
  readonly started: readonly TimeoutKind[];
  /** The own proposal of the present round was made. */
  readonly hasProposed: boolean;
  /** Values of the present round whose polka has set the valid value: each does so once. */
  readonly validated: readonly string[];
  /** What let this node into the present round; null: nothing had to. */
  readonly entered: RoundCertificate | null;
  readonly decision: Decision | undefined;
}

export type DriverOutput =
  | { readonly type: 'say'; readonly message: TendermintMessage }
  | { readonly type: 'announce'; readonly data: RoundCertificate }
  | { readonly type: 'startTimer'; readonly kind: TimeoutKind; readonly round: number }
  | { readonly type: 'ask'; readonly height: number; readonly round: number }
  | { readonly type: 'decide'; readonly decision: Decision }
  | { readonly type: 'report'; readonly event: string; readonly detail: Readonly<Record<string, unknown>> };

export interface Driven {
  readonly state: HeightState;
  readonly outputs: readonly DriverOutput[];
}

/** Different proposals kept a round. */
export const maxProposals = 8;

export function startHeight(
  node: Pick<HeightState, 'self' | 'set' | 'proposers'> & { readonly hasKey: boolean },
  height: number,
): Driven {
  const { self, set, proposers, hasKey } = node;
  const state: HeightState = {
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
  };
  return settle(state, [{ type: 'report', event: 'height.start', detail: { height } }]);
}

/** A copy with some fields changed. It names them all: an object spread costs twenty times as much (docs/decisions/0006). */
function revised(state: HeightState, change: Partial<HeightState>): HeightState {
  return {
    self: state.self,
    isVoting: state.isVoting,
    set: state.set,
    proposers: state.proposers,
    height: state.height,
    round: change.round ?? state.round,
    step: change.step ?? state.step,
    locked: change.locked ?? state.locked,
    valid: change.valid ?? state.valid,
    keeper: change.keeper ?? state.keeper,
    proposals: change.proposals ?? state.proposals,
    polkas: change.polkas ?? state.polkas,
    commits: change.commits ?? state.commits,
    started: change.started ?? state.started,
    hasProposed: change.hasProposed ?? state.hasProposed,
    validated: change.validated ?? state.validated,
    entered: change.entered === undefined ? state.entered : change.entered,
    decision: change.decision ?? state.decision,
  };
}

/** Applies one input of the present height. */
export function drive(state: HeightState, input: TendermintInput): Driven {
  if (state.step === 'commit') return { state, outputs: [] };
  const outputs: DriverOutput[] = [];
  switch (input.type) {
    case 'vote': {
      const { keeper, threshold, contradicts } = countVote(state.keeper, input, state.round, state.set);
      if (contradicts !== undefined) outputs.push(evidence(input.voteType, contradicts.validator, contradicts, input));
      const next = keeper === state.keeper ? state : revised(state, { keeper });
      return threshold === undefined ? { state: next, outputs } : settle(next, outputs);
    }
    case 'roundCertificate': {
      let { keeper } = state;
      for (const vote of input.votes) keeper = countVote(keeper, vote, state.round, state.set).keeper;
      return settle(revised(state, { keeper }), outputs);
    }
    case 'proposal':
      return keepProposal(state, input, outputs);
    case 'value': {
      const isWanted = state.step === 'propose' && input.round === state.round && !state.hasProposed;
      if (!isWanted || !isProposer(state)) return { state, outputs };
      outputs.push({ type: 'say', message: proposalMessage(state, input.value, input.data, -1) });
      return settle(applyEvent(state, 'proposeValue', {}, outputs), outputs);
    }
    case 'timeout':
      return elapse(state, input, outputs);
    case 'polkaCertificate':
      return settle(revised(state, { polkas: [...state.polkas, input] }), outputs);
    case 'commitCertificate':
      return settle(revised(state, { commits: [...state.commits, input] }), outputs);
    default:
      return { state, outputs };
  }
}

/** Whether an elapsed timer still means something. */
export function isTimely({ round, step }: HeightState, timeout: Timeout): boolean {
  if (timeout.round !== round || step === 'commit' || step === 'unstarted') return false;
  return timeout.kind === 'precommit' || timeout.kind === step;
}

export function hasPolka({ keeper, set, polkas }: HeightState, round: number, value: string): boolean {
  if (isQuorum(powerFor(roundVotes(keeper, round).prevote, value), set.total)) return true;
  return polkas.some((certificate) => certificate.round === round && certificate.value === value);
}

const timeoutEvents = { propose: 'timeoutPropose', prevote: 'timeoutPrevote', precommit: 'timeoutPrecommit' } as const;

function elapse(state: HeightState, timeout: Timeout, outputs: DriverOutput[]): Driven {
  if (!isTimely(state, timeout)) return { state, outputs };
  outputs.push({ type: 'report', event: 'timeout', detail: { height: state.height, round: timeout.round, step: timeout.kind } });
  const toRound = state.round + 1;
  return settle(applyEvent(state, timeoutEvents[timeout.kind], { round: toRound }, outputs), outputs);
}

function keepProposal(state: HeightState, proposal: Proposal, outputs: DriverOutput[]): Driven {
  const others = state.proposals.filter(({ round }) => round === proposal.round);
  const first = others.find(({ value }) => value !== proposal.value);
  const isKnown = others.some(({ value }) => value === proposal.value);
  if (isKnown || others.length >= maxProposals) return settle(state, outputs);
  if (first !== undefined) outputs.push(evidence('proposal', proposal.proposer, others[0] as Proposal, proposal));
  return settle(revised(state, { proposals: [...state.proposals, proposal] }), outputs);
}

/** What an event is about: the value it names, or the round it leads to. */
export interface Subject {
  readonly proposal?: Proposal;
  readonly round?: number;
  readonly decision?: Decision;
}

/** Applies complex events until none is left. All of them together cost one copy of the state. */
function settle(from: HeightState, outputs: DriverOutput[]): Driven {
  let draft: Draft | undefined;
  for (let next = nextEvent(from); next !== undefined; next = nextEvent(draft)) {
    draft ??= revised(from, unchanged);
    apply(draft, next.event, next.subject, outputs);
  }
  return { state: draft ?? from, outputs };
}

interface Found {
  readonly event: RoundEvent;
  readonly subject: Subject;
}

/** The next complex event that the chart acts on and that changes something. */
function nextEvent(state: HeightState): Found | undefined {
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

/** L49: a quorum of precommits for a value that is known and valid, in any round. */
function findDecision({ height, keeper, set, proposals, commits }: HeightState): Decision | undefined {
  for (const { round, value, data, validity } of proposals) {
    if (validity !== true) continue;
    const { precommit } = roundVotes(keeper, round);
    if (!isQuorum(powerFor(precommit, value), set.total)) continue;
    const votes = votesOf(precommit).filter((vote) => vote.value === value);
    return { height, round, value, data, votes: votes.map(({ validator, signature }) => [validator, signature] as const) };
  }
  for (const { round, value, data, votes } of commits) {
    const known = data ?? proposals.find((proposal) => proposal.value === value && proposal.validity === true)?.data;
    if (known !== undefined) return { height, round, value, data: known, votes };
  }
  return undefined;
}

/** L55: the later round in which more than a third has voted. */
function findSkip({ round, keeper, set, polkas, commits }: HeightState): number | undefined {
  for (const later of keeper.rounds) if (later.round > round && isHonest(later.power, set.total)) return later.round;
  return [...commits, ...polkas].find((certificate) => certificate.round > round)?.round;
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
  if (isQuorum(prevote.power, state.set.total) && !state.started.includes('prevote')) return { event: 'polkaAny', subject: {} };
  return undefined;
}

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

function isProposer({ isVoting, self, proposers, set, height, round }: HeightState): boolean {
  return isVoting && proposerOf(proposers, set, height, round) === self;
}

/** One complex event through the round chart; the same state where the chart has no transition for it. Outputs are added to the list. */
export function applyEvent(state: HeightState, event: RoundEvent, subject: Subject, outputs: DriverOutput[]): HeightState {
  if (jumpTable[state.step]?.[event] === undefined) return state;
  const draft = revised(state, unchanged);
  apply(draft, event, subject, outputs);
  return draft;
}

/** A copy that nobody else has seen yet: what the chart says is written into it. */
type Draft = { -readonly [Field in keyof HeightState]: HeightState[Field] };

const unchanged: Partial<HeightState> = {};

function apply(draft: Draft, event: RoundEvent, subject: Subject, outputs: DriverOutput[]): void {
  const jump = jumpTable[draft.step]?.[event];
  if (jump === undefined) throw new Error(`the round chart has no transition for ${event} in step ${draft.step}`);
  draft.step = jump.target;
  for (const action of jump.actions) actions[action](draft, subject, outputs);
}

type Act = (draft: Draft, subject: Subject, outputs: DriverOutput[]) => void;

const actions: Readonly<Record<RoundAction, Act>> = {
  askForValue: ({ height, round }, _subject, outputs) => {
    outputs.push({ type: 'ask', height, round });
  },
  startProposeTimer: (draft, _subject, outputs) => startTimer(draft, 'propose', outputs),
  startPrevoteTimer: (draft, _subject, outputs) => startTimer(draft, 'prevote', outputs),
  startPrecommitTimer: (draft, _subject, outputs) => startTimer(draft, 'precommit', outputs),
  proposeValid: (draft, _subject, outputs) => {
    const { valid, proposals } = draft;
    const known = proposals.find(({ value }) => value === valid?.value);
    if (valid === undefined || known === undefined) return;
    outputs.push({ type: 'say', message: proposalMessage(draft, valid.value, known.data, valid.round) });
    draft.hasProposed = true;
  },
  propose: (draft) => {
    draft.hasProposed = true;
  },
  prevoteUnlessLocked: (draft, { proposal }, outputs) => {
    const value = proposal?.value ?? null;
    const isFree = draft.locked === undefined || draft.locked.value === value;
    vote(draft, 'prevote', isFree ? value : null, outputs);
  },
  prevoteUnlessLockedLater: (draft, { proposal }, outputs) => {
    const value = proposal?.value ?? null;
    const { locked } = draft;
    const isFree = locked === undefined || locked.round <= (proposal?.polRound ?? -1) || locked.value === value;
    vote(draft, 'prevote', isFree ? value : null, outputs);
  },
  prevoteNil: (draft, _subject, outputs) => vote(draft, 'prevote', null, outputs),
  lock: (draft, { proposal }, outputs) => {
    if (proposal === undefined) return;
    const { round, height } = draft;
    const { value } = proposal;
    outputs.push({ type: 'report', event: 'locked', detail: { height, round, value } });
    draft.locked = { round, value };
  },
  setValid: (draft, { proposal }) => {
    if (proposal === undefined) return;
    draft.valid = { round: draft.round, value: proposal.value };
    draft.validated = [...draft.validated, proposal.value];
  },
  precommitValue: (draft, { proposal }, outputs) => vote(draft, 'precommit', proposal?.value ?? null, outputs),
  precommitNil: (draft, _subject, outputs) => vote(draft, 'precommit', null, outputs),
  decide: (draft, { decision }, outputs) => {
    if (decision === undefined) return;
    const { height, round, value } = decision;
    outputs.push({ type: 'decide', decision }, { type: 'report', event: 'decided', detail: { height, round, value } });
    draft.decision = decision;
  },
  enterRound: (draft, { round = draft.round + 1 }, outputs) => {
    const entered = roundCertificate(draft, round);
    if (entered !== undefined) outputs.push({ type: 'announce', data: entered });
    outputs.push({ type: 'report', event: 'round.start', detail: { height: draft.height, round } });
    draft.round = round;
    draft.started = [];
    draft.hasProposed = false;
    draft.validated = [];
    draft.entered = entered ?? null;
  },
};

function startTimer(draft: Draft, kind: TimeoutKind, outputs: DriverOutput[]): void {
  if (draft.started.includes(kind)) return;
  outputs.push({ type: 'startTimer', kind, round: draft.round });
  draft.started = [...draft.started, kind];
}

function vote(state: HeightState, voteType: VoteType, value: string | null, outputs: DriverOutput[]): void {
  const { height, round, self } = state;
  if (state.isVoting) outputs.push({ type: 'say', message: { type: 'vote', voteType, height, round, value, validator: self } });
}

function proposalMessage(
  { height, round, self }: HeightState,
  value: string,
  data: Uint8Array,
  polRound: number,
): TendermintMessage {
  return { type: 'proposal', height, round, value, data, polRound, proposer: self, validity: true };
}

/** The votes that show others why this round was entered: those of the round itself, or the precommits of the one before. */
function roundCertificate({ keeper, set, height }: HeightState, round: number): RoundCertificate | undefined {
  const entered = roundVotes(keeper, round);
  const before = roundVotes(keeper, round - 1).precommit;
  const votes: readonly Vote[] = isHonest(entered.power, set.total)
    ? [...votesOf(entered.prevote), ...votesOf(entered.precommit)]
    : isQuorum(before.power, set.total)
      ? votesOf(before)
      : [];
  return votes.length === 0 ? undefined : { type: 'roundCertificate', height, round, votes };
}

function evidence(kind: string, validator: string, first: Vote | Proposal, second: Vote | Proposal): DriverOutput {
  const detail = { kind, validator, height: first.height, round: first.round, first: first.value, second: second.value };
  return { type: 'report', event: 'evidence', detail };
}
