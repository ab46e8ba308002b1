/** Family `driver`, mode `host`: one node, external inputs only; what it signs, decides and asks, its evidence and its state. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import { PlayedNode } from './played-node.ts';
import { InputReader, proposersOf } from './recorded-inputs.ts';
import { withoutPlace } from './recorded-rows.ts';
import type { TestedNode } from './tested-node.ts';
import { type Comparison, type RecordedState, type Row, stateText } from './verdict.ts';

export interface DriverStep {
  readonly in: Row;
  readonly out?: readonly Row[];
  readonly ev?: readonly Row[];
  readonly evKept?: readonly Row[];
  readonly post?: RecordedState;
  readonly only?: string;
}

export interface DriverCase {
  readonly mode: string;
  readonly self: string;
  readonly height: number;
  readonly validators: readonly ValidatorPower[];
  readonly proposers: unknown;
  readonly steps: readonly DriverStep[];
  /** Steps from which on the case is not compared (see docs/formats/conformance.md). */
  readonly prune?: number;
  readonly unscheduled?: readonly number[];
}

const compared = new Set<unknown>(['Prevote', 'Precommit', 'Propose', 'Decide', 'GetValue']);
const signed = new Set<unknown>(['Prevote', 'Precommit', 'Propose', 'Decide']);
const decisions = new Set<unknown>(['Decide']);

export function judgeDriver(recorded: DriverCase, tested: TestedNode, comparison: Comparison): void {
  const node = new PlayedNode(tested, recorded.self, proposersOf(recorded.proposers), true);
  const reader = new InputReader();
  const end = Math.min(recorded.prune ?? Number.MAX_SAFE_INTEGER, ...(recorded.unscheduled ?? []));
  let { validators } = recorded;
  let post: RecordedState | undefined;
  let isDecided = false;
  // What comes before the first height has begun waits for it; there is no state to compare.
  let hasStarted = false;
  // Timers started at this height. The record fires none that the engine has not started.
  let timers = new Set<string>();
  for (const [index, step] of recorded.steps.slice(0, end).entries()) {
    post = step.post ?? post;
    const [tag, height, newValidators] = step.in;
    if (tag === 'StartHeight') {
      hasStarted = true;
      validators = (newValidators as readonly ValidatorPower[] | undefined) ?? validators;
      isDecided = false;
      timers = new Set();
    }
    const before = stateText(node.state);
    const input = tag === 'StartHeight' ? undefined : reader.read(step.in, hasStarted ? node.state.h : recorded.height);
    const start = (): ReturnType<PlayedNode['start']> => node.start(Number(height), validators);
    const played =
      tag === 'StartHeight' ? start() : input === undefined ? { out: [], timers: [], evidence: [] } : node.feed(input);
    for (const timer of played.timers) timers.add(JSON.stringify(timer));
    if (isDecided) {
      const more = played.out.filter(([what]) => signed.has(what));
      if (!comparison.rows('outputs', index, [], more)) return;
      continue;
    }
    const expected = (step.out ?? []).filter(([what]) => compared.has(what));
    isDecided = expected.some(([what]) => what === 'Decide');
    const kinds = step.only === 'decision' ? decisions : isDecided ? signed : compared;
    const asked = (rows: readonly Row[]): readonly Row[] => rows.filter(([what]) => kinds.has(what)).map(withoutPlace);
    if (!comparison.rows('outputs', index, asked(expected), asked(played.out))) return;
    if (tag === 'Timeout' && stateText(node.state) !== before) {
      comparison.count('timers');
      if (!timers.has(JSON.stringify(step.in.slice(1)))) {
        comparison.fail(index, { started: step.in.slice(1) }, { started: [...timers] });
        return;
      }
    }
    if (isDecided || !hasStarted || step.only === 'decision') continue;
    if (!comparison.rows('evidence', index, step.evKept ?? step.ev ?? [], played.evidence)) return;
    if (post !== undefined && !comparison.state(index, post, node.state)) return;
  }
}
