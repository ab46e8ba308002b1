/** Family `driver`: one node, external inputs only; what it signs, decides and asks, its evidence and its state. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import { inputOf, PlayedNode, proposersOf } from './played-node.ts';
import { type CaseResult, notOk, type RecordedState, type Row } from './verdict.ts';

interface DriverStep {
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
  readonly prune?: number;
  readonly unscheduled?: readonly number[];
}

const compared = new Set(['Prevote', 'Precommit', 'Propose', 'Decide', 'GetValue']);
const signed = new Set(['Prevote', 'Precommit', 'Propose', 'Decide']);

export function judgeDriver(recorded: DriverCase): CaseResult {
  if (recorded.mode === 'raw')
    return {
      type: 'known',
      reason: 'each call of the driver of the engine, which is cut elsewhere; cases named +host run the same histories',
    };
  const node = new PlayedNode(recorded.self, proposersOf(recorded.proposers));
  const end = Math.min(recorded.prune ?? Number.MAX_SAFE_INTEGER, ...(recorded.unscheduled ?? []));
  let { validators } = recorded;
  let post: RecordedState | undefined;
  let isDecided = false;
  // What comes before the first height has begun waits for it; there is no state to compare.
  let hasStarted = false;
  for (const [index, step] of recorded.steps.entries()) {
    if (index >= end) return { type: 'ok' };
    post = step.post ?? post;
    const input = inputOf(step.in, hasStarted ? node.state.h : recorded.height);
    if (input === undefined) hasStarted = true;
    if (step.in[0] === 'StartHeight') {
      validators = (step.in[2] as readonly ValidatorPower[] | undefined) ?? validators;
      isDecided = false;
    }
    const played = input === undefined ? node.start(Number(step.in[1]), validators) : node.feed(input);
    if (isDecided) {
      const more = played.out.filter(([tag]) => signed.has(String(tag)));
      if (more.length > 0) return notOk(index, 'nothing behind the decision', more);
      continue;
    }
    const expected = (step.out ?? []).filter(([tag]) => compared.has(String(tag)));
    isDecided = expected.some(([tag]) => tag === 'Decide');
    const kinds = step.only === 'decision' ? new Set(['Decide']) : isDecided ? signed : compared;
    const wanted = sorted(expected.filter(([tag]) => kinds.has(String(tag))));
    const got = sorted(played.out.filter(([tag]) => kinds.has(String(tag))));
    if (wanted !== got) return notOk(index, wanted, got);
    if (isDecided || !hasStarted || step.only === 'decision') continue;
    const evidence = sorted(step.evKept ?? step.ev ?? []);
    if (evidence !== sorted(played.evidence)) return notOk(index, evidence, sorted(played.evidence));
    if (post !== undefined && stateText(post) !== stateText(node.state)) return notOk(index, post, node.state);
  }
  return { type: 'ok' };
}

function stateText({ h, r, s, lr, lv, vr, vv }: RecordedState): string {
  return JSON.stringify([h, r, s, lr, lv, vr, vv]);
}

/** As a multiset; of a decision the round it names and the value, not the round the node was in. */
function sorted(rows: readonly Row[]): string {
  return rows
    .map((row) => JSON.stringify(row[0] === 'Decide' ? row.slice(0, 3) : row))
    .sort()
    .join(' ');
}
