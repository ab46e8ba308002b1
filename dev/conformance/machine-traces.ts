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
  const run = new MachineRun(p, init, tested, comparison);
  for (const [index, step] of steps.entries()) if (!run.play(index, [step.in], step)) return;
}

/** The machine beside a trace: before each step it is brought to the state of the trace. */
export class MachineRun {
  readonly #self: string;
  readonly #tested: TestedNode;
  readonly #comparison: Comparison;
  #before: RecordedState;
  /** Timers that the trace has started in its present round. */
  #started: readonly string[] = [];

  constructor(self: string, init: RecordedState, tested: TestedNode, comparison: Comparison) {
    this.#self = self;
    this.#before = init;
    this.#tested = tested;
    this.#comparison = comparison;
  }

  /** Applies the inputs in order; compares the last output and the state. False: the trace is left, or is not equal. */
  play(index: number, inputs: readonly Row[], { out, post }: Omit<MachineStep, 'in'>): boolean {
    const before = this.#before;
    // A lock that was taken before any round: there is no such state to bring the machine to.
    if (hasNoRound(before)) {
      this.#comparison.differs('unstartedSteps');
      this.#before = post;
      return true;
    }
    const [only, second] = inputs;
    const isSingle = only !== undefined && second === undefined;
    const difference = isSingle ? machineDifference({ in: only, out, post }, before, this.#started) : undefined;
    const wanted = difference?.expected ?? { out, post };
    let outputs: DriverOutput[] = [];
    let state = machineState(this.#self, before, this.#started);
    for (const input of inputs) {
      outputs = [];
      // Between two inputs of one step the specification has not left its round yet.
      state = machineInput(this.#tested, { ...state, round: before.r }, input, outputs);
    }
    if (!this.#comparison.rows('outputs', index, outputRows(wanted.out), outputs.flatMap(driverRows))) return false;
    if (!this.#comparison.state(index, machinePlace(wanted.post), recordedState(state))) return false;
    if (difference !== undefined) this.#comparison.differs(difference.name);
    const isLeft = out[0] === 'SkipRoundOutput' || post.r !== before.r;
    const timers = outputRows(out).flatMap(([tag, kind]) => (tag === 'Timer' ? [String(kind)] : []));
    this.#started = [...(isLeft ? [] : this.#started), ...timers];
    this.#before = post;
    // What the specification does after a decision has no state of the engine to begin from.
    return before.s !== 'Commit' || difference === undefined;
  }
}

/** No step is one of the steps before a round begins. */
function machinePlace(state: RecordedState): RecordedState {
  return { ...state, s: stepOf(state) };
}

function hasNoRound({ lr, lv, vr, vv }: RecordedState): boolean {
  return (lr === -1 && lv !== null) || (vr === -1 && vv !== null);
}
