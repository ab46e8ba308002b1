/** Where the specification's round state machine differs from the engine's, and what the engine does instead. */
import type { Difference } from './differences.ts';
import { stepOf } from './machine-inputs.ts';
import { outputRows } from './machine-outputs.ts';
import type { RecordedState, Row } from './verdict.ts';

interface MachineDifference {
  readonly name: Difference;
  readonly expected: { readonly out: Row; readonly post: RecordedState };
}

interface Step {
  readonly in: Row;
  readonly out: Row;
  readonly post: RecordedState;
}

/** `before`: the state of the trace. `started`: the timers that it has started in its round. */
export function machineDifference(step: Step, before: RecordedState, started: readonly string[]): MachineDifference | undefined {
  const { out, post } = step;
  const nothing = { out: ['NoConsensusOutput'], post: before };
  const [tag, first] = step.in;
  const [outTag, outFirst] = out;
  // What the specification refuses changes nothing in either machine.
  if (outTag === 'ErrorOutput') return undefined;
  const at = stepOf(before);
  if (at === 'Commit') return { name: 'afterDecision', expected: nothing };
  switch (tag) {
    case 'PolkaAnyCInput':
    case 'PrecommitAnyCInput': {
      if (at === 'Unstarted') return { name: 'unstartedSteps', expected: nothing };
      const isRepeated = outputRows(out).every(([, kind]) => started.includes(String(kind)));
      return isRepeated ? { name: 'timerRepeated', expected: nothing } : undefined;
    }
    case 'RoundSkipCInput':
    case 'TimeoutPrecommitCInput':
      if (at === 'Unstarted') return { name: 'unstartedSteps', expected: nothing };
      return { name: 'skipLeavesRound', expected: { out, post: { ...post, r: Number(outFirst) } } };
    case 'ProposalAndPolkaAndInvalidCInput':
      return at === 'Propose' && before.r > 0 ? undefined : { name: 'invalidPolkaAnyStep', expected: nothing };
    case 'ProposeValueCInput': {
      if (at !== 'Propose') return { name: 'valueAnyStep', expected: nothing };
      const proposal = { ...(outFirst as object), vr: -1 };
      return before.vr === -1 ? undefined : { name: 'valueAnyStep', expected: { out: [outTag, proposal], post } };
    }
    case 'ProposalCInput':
      return first === before.r ? undefined : { name: 'proposalAnyRound', expected: nothing };
    default:
      return undefined;
  }
}
