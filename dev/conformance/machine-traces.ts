/** Family `consensus`: the round state machine alone; each step is independent, its state is that of the trace before it. */

import type { Proposal } from '../../actors/tendermint/index.ts';
import {
  applyEvent,
  type DriverOutput,
  type HeightState,
  type RoundEvent,
  type Subject,
  startHeight,
  validatorSet,
} from '../../actors/tendermint/index.ts';
import { type CaseResult, notOk, type RecordedState, type Row } from './verdict.ts';

interface MachineStep {
  readonly in: Row;
  readonly out: Row;
  readonly post: RecordedState;
}

export interface MachineTrace {
  readonly p: string;
  readonly init: RecordedState;
  readonly steps: readonly MachineStep[];
}

const none = new Uint8Array(0);

export function judgeMachine({ p, init, steps }: MachineTrace): CaseResult {
  let before = init;
  let differs: string | undefined;
  for (const [index, { in: input, out, post }] of steps.entries()) {
    const rule = difference(input, out, before);
    if (rule !== undefined) {
      differs ??= rule;
      if (before.s === 'Commit' || rule.startsWith('commit')) return { type: 'ok', differs: rule };
    } else {
      const outputs: DriverOutput[] = [];
      const state = applyInput(stateOf(p, before), input, outputs);
      const got = [stateRow(state), lastOutput(outputs)];
      const wanted = [rowOf(post), wantedOutput(out)];
      if (JSON.stringify(got) !== JSON.stringify(wanted)) return notOk(index, wanted, got);
    }
    before = post;
  }
  return differs === undefined ? { type: 'ok' } : { type: 'ok', differs };
}

/** Where specification and engine differ by name; the step is not compared. */
function difference([tag, ...args]: Row, [out]: Row, before: RecordedState): string | undefined {
  if (before.s === 'Commit') return 'commit is not terminal';
  if (out === 'SkipRoundOutput' || tag === 'RoundSkipCInput' || /^TimeoutPrecommit/.test(String(tag)))
    return 'SkipRoundOutput leaves the round until NewRound';
  if (tag === 'PolkaAnyCInput' || tag === 'PrecommitAnyCInput') return 'a timer is started at each repetition';
  if (tag === 'ProposalAndPolkaAndInvalidCInput') return 'ProposalAndPolkaAndInvalid from any step';
  if (tag === 'ProposeValueCInput' && (before.s !== 'Propose' || before.vr !== -1))
    return 'a value proposed in any step, carrying validRound';
  if (tag === 'ProposalCInput' && args[0] !== before.r) return "a proposal's round is not compared with the node's";
  if (before.s === 'No' || before.s === 'Unstarted' || before.s === 'NoStep')
    return tag === 'NewRoundCInput' || tag === 'NewRoundProposerCInput' ? undefined : 'NoStep and UnstartedStep';
  if (tag === 'NewRoundCInput' || tag === 'NewRoundProposerCInput') return 'NoStep and UnstartedStep';
  if (tag === 'ProposalAndPolkaAndValidCInput' && before.s === 'Propose') return 'polka and proposal before the prevote';
  return undefined;
}

function applyInput(state: HeightState, [tag, ...args]: Row, outputs: DriverOutput[]): HeightState {
  const apply = (event: RoundEvent, subject: Subject = {}, from: HeightState = state): HeightState =>
    applyEvent(from, event, subject, outputs);
  const proposal = (value: unknown, polRound = -1): Subject => ({ proposal: proposalOf(state, String(value), polRound) });
  switch (tag) {
    case 'NewRoundCInput':
      return apply('newRound', {}, { ...state, round: Number(args[0]), step: 'unstarted' });
    case 'NewRoundProposerCInput':
      return apply(
        state.valid === undefined ? 'newRoundProposer' : 'newRoundProposerWithValid',
        {},
        { ...state, round: Number(args[0]), step: 'unstarted' },
      );
    case 'ProposeValueCInput': {
      if (state.step !== 'propose') return state;
      const { height, round, self } = state;
      outputs.push({
        type: 'say',
        message: { type: 'proposal', height, round, value: String(args[0]), data: none, polRound: -1, proposer: self },
      });
      return apply('proposeValue');
    }
    case 'ProposalCInput':
      return apply(args[1] === 'invalid' ? 'invalidProposal' : 'proposal', proposal(args[1]));
    case 'ProposalAndPolkaPreviousAndValidCInput':
      // The driver looks for polkas of earlier rounds only.
      if (Number(args[1]) < 0 || Number(args[1]) >= state.round) return state;
      return apply('proposalAndPolkaPrevious', proposal(args[0], Number(args[1])));
    case 'ProposalInvalidCInput':
      return apply('invalidProposal');
    case 'PolkaNilCInput':
      return apply('polkaNil');
    case 'ProposalAndPolkaAndValidCInput':
      return apply('proposalAndPolkaCurrent', proposal(args[0]));
    case 'ProposalAndCommitAndValidCInput': {
      const [round, value] = args as [number, string];
      return apply('proposalAndPrecommitValue', { decision: { height: state.height, round, value, data: none, votes: [] } });
    }
    case 'TimeoutProposeCInput':
    case 'TimeoutPrevoteCInput': {
      const [height, round] = args as [number, number];
      if (height !== state.height || round !== state.round) return state;
      return apply(tag === 'TimeoutProposeCInput' ? 'timeoutPropose' : 'timeoutPrevote');
    }
    default:
      return state;
  }
}

function proposalOf({ height, round }: HeightState, value: string, polRound: number): Proposal {
  return { type: 'proposal', height, round, value, data: none, polRound, proposer: '', signature: none, validity: true };
}

function stateOf(self: string, { h, r, s, lr, lv, vr, vv }: RecordedState): HeightState {
  const base = startHeight(
    { self, hasKey: true, proposers: { rule: 'rotate', table: {} }, set: validatorSet([[self, 1]]) },
    h,
  ).state;
  const step = (s === 'No' ? 'unstarted' : s.toLowerCase()) as HeightState['step'];
  const proposals = vv === null ? [] : [{ ...proposalOf(base, vv, -1), round: Math.max(0, vr) }];
  return {
    ...base,
    height: h,
    round: r,
    step,
    started: [],
    proposals,
    locked: lv === null ? undefined : { round: lr, value: lv },
    valid: vv === null ? undefined : { round: vr, value: vv },
  };
}

const stepNames: Readonly<Record<string, string>> = { No: 'unstarted', NoStep: 'unstarted', UnstartedStep: 'unstarted' };

function rowOf({ h, r, s, lr, lv, vr, vv }: RecordedState): Row {
  return [h, r, stepNames[s] ?? s.toLowerCase(), lr, lv, vr, vv];
}

function stateRow({ height, round, step, locked, valid }: HeightState): Row {
  return [height, round, step, locked?.round ?? -1, locked?.value ?? null, valid?.round ?? -1, valid?.value ?? null];
}

/** Votes, proposals, decisions and requests; timers stand beside a request or alone and are compared by their kind. */
function lastOutput(outputs: readonly DriverOutput[]): Row {
  const last = outputs.filter(({ type }) => type !== 'report' && type !== 'announce');
  const found = last.find(({ type }) => type !== 'startTimer') ?? last[0];
  switch (found?.type) {
    case 'say':
      return found.message.type === 'vote'
        ? [found.message.voteType, found.message.round, found.message.value]
        : ['proposal', found.message.round, found.message.value, found.message.polRound];
    case 'startTimer':
      return ['timer', found.round, found.kind];
    case 'ask':
      return ['ask', found.round];
    case 'decide':
      return ['decide', found.decision.value];
    default:
      return [];
  }
}

function wantedOutput([tag, ...args]: Row): Row {
  const [first] = args as [{ readonly t: string; readonly r: number; readonly v: string | null; readonly vr: number }];
  switch (tag) {
    case 'VoteOutput':
      return [first.t.toLowerCase(), first.r, first.v];
    case 'ProposalOutput':
      return ['proposal', first.r, first.v, first.vr];
    case 'TimeoutOutput':
      return ['timer', args[0], String(args[1]).replace('Timeout', '').toLowerCase()];
    case 'GetValueAndScheduleTimeoutOutput':
      return ['ask', args[1]];
    case 'DecidedOutput':
      return ['decide', args[1]];
    default:
      return [];
  }
}
