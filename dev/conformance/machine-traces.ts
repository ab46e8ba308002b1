/** Family `consensus`: the round state machine alone; each step is independent, its state is that of the trace before it. */
import type { DriverOutput } from '../../actors/tendermint/index.ts';
import { machineDifference } from './machine-differences.ts';
import { machineInput, machineState, stepOf } from './machine-inputs.ts';
import { driverRows, outputRows } from './machine-outputs.ts';
import { recordedState } from './recorded-rows.ts';
import type { TestedNode } from './tested-node.ts';
import type { Comparison, RecordedState, Row } from './verdict.ts';

export interface MachineStep {
  readonly in: Row;
  readonly out: Row;
  readonly post: RecordedState;
}

export interface MachineTrace {
  readonly p: string;
  readonly init: RecordedState;
  readonly steps: readonly MachineStep[];
}

export function judgeMachine({ p, init, steps }: MachineTrace, tested: TestedNode, comparison: Comparison): void {
  let before = init;
  // Timers that the trace has started in its present round.
  let started: readonly string[] = [];
  for (const [index, step] of steps.entries()) {
    const difference = machineDifference(step, before, started);
    const wanted = difference?.expected ?? step;
    const outputs: DriverOutput[] = [];
    const state = machineInput(tested, machineState(p, before, started), step.in, outputs);
    if (!comparison.rows('outputs', index, outputRows(wanted.out), outputs.flatMap(driverRows))) return;
    if (!comparison.state(index, machinePlace(wanted.post), recordedState(state))) return;
    if (difference !== undefined) comparison.differs(difference.name);
    // What the specification does after a decision has no state of the engine to begin from.
    if (before.s === 'Commit' && difference !== undefined) return;
    const isLeft = step.out[0] === 'SkipRoundOutput' || step.post.r !== before.r;
    started = [
      ...(isLeft ? [] : started),
      ...outputRows(step.out).flatMap(([tag, kind]) => (tag === 'Timer' ? [String(kind)] : [])),
    ];
    before = step.post;
  }
}

/** No step is one of the steps before a round begins. */
function machinePlace(state: RecordedState): RecordedState {
  return { ...state, s: stepOf(state) };
}
