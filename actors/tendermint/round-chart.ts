/**
 * The round state machine as a statechart: the single source of truth for lines 11 to 67 of the paper (arXiv 1807.04938). Events are
 * complex ones (a threshold reached together with a proposal, a timeout of the present round); the driver finds them.
 *
 * Nodes use a jump table that is compiled from this chart. A test compares it with XState's own interpreter.
 */
import { type AnyStateMachine, setup } from 'xstate';
import type { RoundStep } from './types.ts';

export type RoundEvent =
  | 'newRound'
  | 'newRoundProposer'
  | 'newRoundProposerWithValid'
  | 'proposeValue'
  | 'proposal'
  | 'invalidProposal'
  | 'proposalAndPolkaPrevious'
  | 'invalidProposalAndPolkaPrevious'
  | 'polkaAny'
  | 'polkaNil'
  | 'proposalAndPolkaCurrent'
  | 'precommitAny'
  | 'proposalAndPrecommitValue'
  | 'roundSkip'
  | 'timeoutPropose'
  | 'timeoutPrevote'
  | 'timeoutPrecommit';

export type RoundAction =
  | 'askForValue'
  | 'startProposeTimer'
  | 'proposeValid'
  | 'propose'
  | 'prevoteUnlessLocked'
  | 'prevoteUnlessLockedLater'
  | 'prevoteNil'
  | 'startPrevoteTimer'
  | 'lock'
  | 'setValid'
  | 'precommitValue'
  | 'precommitNil'
  | 'startPrecommitTimer'
  | 'decide'
  | 'enterRound';

// Here the actions are only names, so that the chart can be drawn and run by itself. Their code is in round-actions.ts.
const nothing = (): void => undefined;
const named: Readonly<Record<RoundAction, () => void>> = {
  askForValue: nothing,
  startProposeTimer: nothing,
  proposeValid: nothing,
  propose: nothing,
  prevoteUnlessLocked: nothing,
  prevoteUnlessLockedLater: nothing,
  prevoteNil: nothing,
  startPrevoteTimer: nothing,
  lock: nothing,
  setValid: nothing,
  precommitValue: nothing,
  precommitNil: nothing,
  startPrecommitTimer: nothing,
  decide: nothing,
  enterRound: nothing,
};

const everywhere = {
  // L47: any quorum of precommits starts the timer, in every step.
  precommitAny: { actions: ['startPrecommitTimer'] },
  // L49: a proposal and a quorum of precommits for it, of any round.
  proposalAndPrecommitValue: { target: 'commit', actions: ['decide'] },
  // L55: more than a third has voted in a later round.
  roundSkip: { target: 'unstarted', actions: ['enterRound'] },
  // L65: the precommit timer of the present round.
  timeoutPrecommit: { target: 'unstarted', actions: ['enterRound'] },
} as const;

export const roundChart: AnyStateMachine = setup({ types: { events: {} as { type: RoundEvent } }, actions: named }).createMachine(
  {
    id: 'round',
    initial: 'unstarted',
    states: {
      unstarted: {
        on: {
          // L14 to L19: the proposer proposes its valid value again, or asks for one. L21: the others wait.
          newRoundProposerWithValid: { target: 'propose', actions: ['proposeValid'] },
          newRoundProposer: { target: 'propose', actions: ['askForValue', 'startProposeTimer'] },
          newRound: { target: 'propose', actions: ['startProposeTimer'] },
          proposalAndPrecommitValue: { target: 'commit', actions: ['decide'] },
        },
      },
      propose: {
        on: {
          // L18: the application's answer.
          proposeValue: { actions: ['propose'] },
          // L22: a new proposal.
          proposal: { target: 'prevote', actions: ['prevoteUnlessLocked'] },
          invalidProposal: { target: 'prevote', actions: ['prevoteNil'] },
          // L28: a proposal again, with its polka.
          proposalAndPolkaPrevious: { target: 'prevote', actions: ['prevoteUnlessLockedLater'] },
          invalidProposalAndPolkaPrevious: { target: 'prevote', actions: ['prevoteNil'] },
          // L57: the propose timer.
          timeoutPropose: { target: 'prevote', actions: ['prevoteNil'] },
          ...everywhere,
        },
      },
      prevote: {
        on: {
          // L34: any quorum of prevotes starts the timer.
          polkaAny: { actions: ['startPrevoteTimer'] },
          // L44: a quorum of prevotes for nil.
          polkaNil: { target: 'precommit', actions: ['precommitNil'] },
          // L36: a polka for a proposal of this round: lock, and precommit.
          proposalAndPolkaCurrent: { target: 'precommit', actions: ['lock', 'setValid', 'precommitValue'] },
          // L61: the prevote timer.
          timeoutPrevote: { target: 'precommit', actions: ['precommitNil'] },
          ...everywhere,
        },
      },
      precommit: {
        on: {
          // L36, L42: a late polka only sets the valid value.
          proposalAndPolkaCurrent: { actions: ['setValid'] },
          ...everywhere,
        },
      },
      commit: { type: 'final' },
    },
  },
);

export interface Jump {
  readonly target: RoundStep;
  readonly actions: readonly RoundAction[];
}

export type JumpTable = Readonly<Record<string, Readonly<Record<string, Jump>>>>;

/** Compiles a chart into a table: for each step and event, the next step and the actions. Other events change nothing. */
export function compileChart(chart: AnyStateMachine): JumpTable {
  const table: Record<string, Record<string, Jump>> = {};
  for (const [step, node] of Object.entries(chart.states)) {
    const row: Record<string, Jump> = {};
    for (const [event, transitions] of node.transitions) {
      const [transition] = transitions;
      if (transition === undefined) continue;
      const target = (transition.target?.[0]?.key ?? step) as RoundStep;
      row[event] = { target, actions: transition.actions.map((action) => String(action) as RoundAction) };
    }
    table[step] = row;
  }
  return table;
}

export const jumpTable: JumpTable = compileChart(roundChart);
