/** The actions of the round chart. An event is applied to a copy of the state, and its outputs are collected in a list. */
import { finalize } from './finalization.ts';
import { type Draft, type DriverOutput, draftOf, type HeightState } from './height-state.ts';
import { jumpTable, type RoundAction, type RoundEvent } from './round-chart.ts';
import type { Found, Subject } from './round-events.ts';
import type { RoundCertificate, TendermintMessage, TimeoutKind, Vote, VoteType } from './types.ts';
import { isHonest, isQuorum } from './validators.ts';
import { roundVotes, votesOf } from './vote-keeper.ts';

/** Applies an event by the round chart, and adds the outputs to the list. Returns the same state if the chart has no transition for the event. */
export function applyEvent(state: HeightState, event: RoundEvent, subject: Subject, outputs: DriverOutput[]): HeightState {
  if (jumpTable[state.step]?.[event] === undefined) return state;
  const draft = draftOf(state);
  apply(draft, { event, subject }, outputs);
  return draft;
}

export function apply(draft: Draft, { event, subject }: Found, outputs: DriverOutput[]): void {
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
  precommitValue: (draft, { proposal }, outputs) => {
    const value = proposal?.value ?? null;
    if (draft.isExtended && draft.isVoting && value !== null) askForExtension(draft, value, outputs);
    else vote(draft, 'precommit', value, outputs);
  },
  precommitNil: (draft, _subject, outputs) => vote(draft, 'precommit', null, outputs),
  decide: (draft, { decision }, outputs) => {
    if (decision === undefined) return;
    const { height, round, value } = decision;
    draft.decision = decision;
    if (!draft.hasPeriod) {
      outputs.push({ type: 'decide', decision }, { type: 'report', event: 'decided', detail: { height, round, value } });
      return;
    }
    // What is decided must not be undone by a death, so it is reported when it is durable.
    outputs.push({ type: 'report', event: 'decided', detail: { height, round, value }, isGated: true });
    if (isByCertificate(draft)) finalize(draft, outputs);
    else outputs.push({ type: 'startTimer', kind: 'finalize', round });
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
    draft.extending = undefined;
  },
};

/** The decision came whole, by value sync. Then there is nothing to wait for. */
function isByCertificate({ commits, decision }: HeightState): boolean {
  return commits.some(
    ({ round, value, votes }) => round === decision?.round && value === decision.value && votes === decision.votes,
  );
}

function startTimer(draft: Draft, kind: TimeoutKind, outputs: DriverOutput[]): void {
  if (draft.started.includes(kind)) return;
  outputs.push({ type: 'startTimer', kind, round: draft.round });
  draft.started = [...draft.started, kind];
}

/** The precommit waits for the answer. If the round ends before, it is never sent. */
function askForExtension(draft: Draft, value: string, outputs: DriverOutput[]): void {
  const { height, round } = draft;
  outputs.push({ type: 'ask', height, round, extend: value });
  draft.extending = value;
}

/** The application has answered: the precommit and its extension are one message. */
export function precommitExtended(draft: Draft, value: string, bytes: Uint8Array, outputs: DriverOutput[]): void {
  const { height, round, self } = draft;
  const message = { type: 'vote', voteType: 'precommit', height, round, value, validator: self } as const;
  outputs.push({ type: 'say', message: { ...message, extension: [bytes, unsigned] } });
  draft.extending = undefined;
}

const unsigned = new Uint8Array();

function vote(state: HeightState, voteType: VoteType, value: string | null, outputs: DriverOutput[]): void {
  const { height, round, self } = state;
  if (state.isVoting) outputs.push({ type: 'say', message: { type: 'vote', voteType, height, round, value, validator: self } });
}

export function proposalMessage(
  { height, round, self }: HeightState,
  value: string,
  data: Uint8Array,
  polRound: number,
): TendermintMessage {
  return { type: 'proposal', height, round, value, data, polRound, proposer: self, validity: true };
}

/** A certificate that shows other nodes why this node entered the round: votes of that round, or precommits of the round before. */
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
