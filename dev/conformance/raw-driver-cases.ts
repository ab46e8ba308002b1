/** Family `driver`, mode `raw`: each step is one call of the driver. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import type { DriverCase, DriverStep } from './driver-cases.ts';
import { RawDriver } from './raw-driver.ts';
import { InputReader } from './recorded-inputs.ts';
import { withoutPlace } from './recorded-rows.ts';
import type { TestedNode } from './tested-node.ts';
import { type Comparison, type RecordedState, type Row, stateText } from './verdict.ts';

const compared = new Set<unknown>(['Prevote', 'Precommit', 'Propose', 'Decide', 'GetValue', 'NewRound']);
const signed = new Set<unknown>(['Prevote', 'Precommit', 'Propose', 'Decide']);
/** What a call may come to where the engine refuses the input. */
const refusals = new Set<unknown>(['Error', 'Panic']);

export function judgeRawDriver(recorded: DriverCase, tested: TestedNode, comparison: Comparison): void {
  const { self, height, validators, steps } = recorded;
  const driver = new RawDriver(tested, self, height, validators);
  const reader = new InputReader();
  const judged = new Map<string, unknown>();
  let post: RecordedState | undefined;
  let isDecided = false;
  for (const [index, step] of steps.entries()) {
    const before = post;
    post = step.post ?? post;
    if (changesMind(step.in, judged)) {
      comparison.differs('changedMind');
      return;
    }
    const called = call(driver, reader, step);
    if (step.in[0] === 'MoveToHeight') isDecided = false;
    else if (isDecided) {
      const more = called.out.filter(([what]) => signed.has(what));
      if (!comparison.rows('outputs', index, [], more)) return;
      continue;
    }
    const out = step.out ?? [];
    if (out.some(([what]) => refusals.has(what))) {
      // Any refusal is as good, and silence too; but locks and valid value are kept.
      if (before !== undefined && !comparison.state(index, locksOf(before), locksOf(driver.state))) return;
      if (post !== undefined && stateText(post) !== stateText(driver.state)) return;
      continue;
    }
    isDecided = out.some(([what]) => what === 'Decide');
    const kinds = isDecided ? signed : compared;
    const asked = (rows: readonly Row[]): readonly Row[] => rows.filter(([what]) => kinds.has(what)).map(withoutPlace);
    if (!comparison.rows('outputs', index, asked(out), asked(called.out))) return;
    if (isDecided) continue;
    if (!comparison.rows('evidence', index, step.evKept ?? step.ev ?? [], called.evidence)) return;
    if (post !== undefined && !comparison.state(index, post, driver.state)) return;
  }
}

function call(driver: RawDriver, reader: InputReader, { in: row }: DriverStep): ReturnType<RawDriver['call']> {
  const [tag, first, second] = row;
  switch (tag) {
    case 'NewRound':
      return driver.newRound(Number(first), String(second));
    case 'MoveToHeight':
      driver.moveToHeight(Number(first), second as readonly ValidatorPower[] | undefined);
      return { out: [], evidence: [] };
    default: {
      const input = reader.read(row, driver.state.h);
      // The driver is asked about its own height only; another one is the host's business.
      if (input === undefined || ('height' in input && input.height !== driver.state.h)) return { out: [], evidence: [] };
      return driver.call(input);
    }
  }
}

/** The application changes its verdict on a value, in the same round. */
function changesMind([tag, , round, value, , valid]: Row, judged: Map<string, unknown>): boolean {
  if (tag === 'MoveToHeight') judged.clear();
  if (tag !== 'Proposal') return false;
  const key = `${String(round)} ${String(value)}`;
  if (judged.has(key) && judged.get(key) !== valid) return true;
  judged.set(key, valid);
  return false;
}

function locksOf({ h, lr, lv, vr, vv }: RecordedState): RecordedState {
  return { h, r: 0, s: '', lr, lv, vr, vv };
}
