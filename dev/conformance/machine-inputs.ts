/** Recorded states and inputs of the round state machine, brought to the machine under test as its driver would bring them. */
import { type DriverOutput, type HeightState, type Proposal, validatorSet } from '../../actors/tendermint/index.ts';
import { UnknownForm } from './recorded-inputs.ts';
import { capital } from './recorded-rows.ts';
import type { TestedNode } from './tested-node.ts';
import type { RecordedState, Row } from './verdict.ts';

type Apply = TestedNode['applyEvent'];

const none = new Uint8Array(0);

/** The specification has two steps before a round begins. */
export function stepOf({ s }: RecordedState): string {
  return s === 'No' || s === 'NoStep' || s === 'UnstartedStep' ? 'Unstarted' : capital(s);
}

export function machineState(self: string, recorded: RecordedState, started: readonly string[]): HeightState {
  const { h, r, lr, lv, vr, vv } = recorded;
  const state: HeightState = {
    self,
    isVoting: true,
    set: validatorSet([[self, 1]]),
    proposers: { rule: 'rotate', table: {} },
    height: h,
    round: r,
    step: stepOf(recorded).toLowerCase() as HeightState['step'],
    locked: lv === null ? undefined : { round: lr, value: lv },
    valid: vv === null ? undefined : { round: vr, value: vv },
    keeper: { rounds: [], evidence: [] },
    proposals: [],
    polkas: [],
    commits: [],
    started: started as HeightState['started'],
    hasProposed: false,
    validated: [],
    entered: null,
    decision: undefined,
    hasPeriod: false,
    isFinal: false,
    isExtended: false,
    extending: undefined,
  };
  // A valid value is known by the proposal of its round.
  return vv === null ? state : { ...state, proposals: [{ ...proposalOf(state, vv, -1), round: Math.max(0, vr) }] };
}

/** Applies one input. What the driver never brings to the machine (another round, a round that is not above) changes nothing. */
export function machineInput(tested: TestedNode, state: HeightState, [tag, ...args]: Row, outputs: DriverOutput[]): HeightState {
  const apply = (event: Parameters<Apply>[1], subject: Parameters<Apply>[2] = {}): HeightState =>
    tested.applyEvent(state, event, subject, outputs);
  const [first, second] = args;
  switch (tag) {
    case 'NewRoundCInput':
    case 'NewRoundProposerCInput':
      return newRound(tested, state, Number(first), tag === 'NewRoundProposerCInput', outputs);
    case 'ProposeValueCInput': {
      const value = { type: 'value', height: state.height, round: state.round, value: String(first), data: none } as const;
      const proposers = { rule: 'rotate', table: { [`${state.height}.${state.round}`]: state.self } } as const;
      const driven = tested.drive({ ...state, proposers }, value);
      outputs.push(...driven.outputs);
      return driven.state;
    }
    case 'ProposalCInput':
      return Number(first) === state.round ? apply('proposal', { proposal: proposalOf(state, String(second), -1) }) : state;
    case 'ProposalInvalidCInput':
      return apply('invalidProposal');
    case 'ProposalAndPolkaPreviousAndValidCInput': {
      const polRound = Number(second);
      if (polRound < 0 || polRound >= state.round) return state;
      return apply('proposalAndPolkaPrevious', { proposal: proposalOf(state, String(first), polRound) });
    }
    case 'ProposalAndPolkaAndInvalidCInput':
      // Its polka is of an earlier round.
      return state.round > 0 ? apply('invalidProposalAndPolkaPrevious') : state;
    case 'PolkaNilCInput':
      return apply('polkaNil');
    case 'PolkaAnyCInput':
      return apply('polkaAny');
    case 'ProposalAndPolkaAndValidCInput':
      return apply('proposalAndPolkaCurrent', { proposal: proposalOf(state, String(first), -1) });
    case 'PrecommitAnyCInput':
      return apply('precommitAny');
    case 'ProposalAndCommitAndValidCInput': {
      const decision = { height: state.height, round: Number(first), value: String(second), data: none, votes: [] };
      return apply('proposalAndPrecommitValue', { decision });
    }
    case 'RoundSkipCInput':
      return Number(first) > state.round ? apply('roundSkip', { round: Number(first) }) : state;
    case 'TimeoutProposeCInput':
    case 'TimeoutPrevoteCInput':
    case 'TimeoutPrecommitCInput': {
      if (first !== state.height || second !== state.round) return state;
      if (tag === 'TimeoutPrecommitCInput') return apply('timeoutPrecommit', { round: state.round + 1 });
      return apply(tag === 'TimeoutProposeCInput' ? 'timeoutPropose' : 'timeoutPrevote');
    }
    case 'NoConsensusInput':
      return state;
    default:
      throw new UnknownForm(tag);
  }
}

function newRound(
  tested: TestedNode,
  state: HeightState,
  round: number,
  isProposer: boolean,
  outputs: DriverOutput[],
): HeightState {
  if (state.step === 'unstarted' && round <= state.round) return state;
  const event = !isProposer ? 'newRound' : state.valid === undefined ? 'newRoundProposer' : 'newRoundProposerWithValid';
  // The round was taken when it was entered; within a round there is no transition.
  const entered = state.step === 'unstarted' ? { ...state, round, started: [] } : state;
  return tested.applyEvent(entered, event, {}, outputs);
}

function proposalOf({ height, round }: HeightState, value: string, polRound: number): Proposal {
  return { type: 'proposal', height, round, value, data: none, polRound, proposer: '', signature: none, validity: true };
}
