/**
 * Where the specification's node acts one step later than the engine, or never, the node under test is ahead of the trace. It may be so
 * only by what the rules of the paper make due, and its state must be the one that follows.
 */
import type { Delivered } from './delivered.ts';
import type { Difference } from './differences.ts';
import { type RecordedState, type Row, stateText } from './verdict.ts';

export interface Shown {
  readonly out: readonly Row[];
  readonly timers: readonly Row[];
  readonly state: RecordedState;
}

/** The name of the difference, where the node is ahead of the trace and rightly so. */
export function aheadBy(trace: Shown, node: Shown, delivered: Delivered): Difference | undefined {
  if (without(trace.out, node.out).length > 0 || without(trace.timers, node.timers).length > 0) return undefined;
  if (node.state.r > trace.state.r) return delivered.isSkipDue(node.state.r) ? 'skipRepeated' : undefined;
  const votes = without(node.out, trace.out);
  const timers = without(node.timers, trace.timers);
  let state = trace.state;
  for (const vote of votes) {
    if (!delivered.isVoteDue(vote, state)) return undefined;
    state = afterVote(state, vote);
  }
  if (!timers.every((timer) => delivered.isTimerDue(timer))) return undefined;
  const { vr, vv } = node.state;
  if (vv !== null && vr === state.r && state.s === 'Precommit' && delivered.isValidDue(vr, vv)) state = { ...state, vr, vv };
  if (stateText(state) !== stateText(node.state)) return undefined;
  const [first] = votes;
  return first?.[0] === 'Prevote' ? 'storedWaits' : 'timerBeforeLock';
}

function afterVote(state: RecordedState, [tag, round, value]: Row): RecordedState {
  if (tag === 'Prevote') return { ...state, s: 'Prevote' };
  if (value === null) return { ...state, s: 'Precommit' };
  const r = Number(round);
  const v = String(value);
  return { ...state, s: 'Precommit', lr: r, lv: v, vr: r, vv: v };
}

/** Rows of `all` that `others` does not hold, each as often. */
export function without(all: readonly Row[], others: readonly Row[]): readonly Row[] {
  const left = others.map((row) => JSON.stringify(row));
  return all.filter((row) => {
    const at = left.indexOf(JSON.stringify(row));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
