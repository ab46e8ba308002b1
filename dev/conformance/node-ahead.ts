/**
 * Where the specification's node acts one step later than the engine, or never, the node under test is ahead of the trace. It may be so
 * only if the specification is late, only by what the rules of the paper make due, and with the state that follows.
 */
import type { Delivered } from './delivered.ts';
import type { Difference } from './differences.ts';
import type { Lateness } from './lateness.ts';
import { type RecordedState, type Row, stateText } from './verdict.ts';

export interface Shown {
  readonly out: readonly Row[];
  readonly timers: readonly Row[];
  readonly state: RecordedState;
}

/** The name of the difference, where the node is ahead of the trace and rightly so. */
export function aheadBy(trace: Shown, node: Shown, delivered: Delivered, late: Lateness): Difference | undefined {
  if (without(trace.out, node.out).length > 0 || without(trace.timers, node.timers).length > 0) return undefined;
  const { state: reached } = node;
  if (reached.r > trace.state.r) return late.skips && delivered.isSkipDue(reached.r) ? 'skipRepeated' : undefined;
  let { state } = trace;
  const votes = without(node.out, trace.out);
  for (const vote of votes) {
    const isNext = state.s === (vote[0] === 'Prevote' ? 'Propose' : 'Prevote');
    if (!isNext || !late.votes(vote) || !delivered.isVoteDue(vote, state)) return undefined;
    state = afterVote(state, vote);
  }
  for (const timer of without(node.timers, trace.timers))
    if (!late.starts(timer) || !delivered.isTimerDue(timer)) return undefined;
  const { vr, vv } = reached;
  if (late.isBehind && vv !== null && vr === state.r && state.s === 'Precommit' && delivered.isValidDue(vr, vv))
    state = { ...state, vr, vv };
  if (stateText(state) !== stateText(reached)) return undefined;
  return votes[0]?.[0] === 'Prevote' ? 'storedWaits' : 'timerBeforeLock';
}

function afterVote(state: RecordedState, [tag, round, value]: Row): RecordedState {
  if (tag === 'Prevote') return { ...state, s: 'Prevote' };
  if (value === null) return { ...state, s: 'Precommit' };
  const r = Number(round);
  const v = String(value);
  return { ...state, s: 'Precommit', lr: r, lv: v, vr: r, vv: v };
}

/** Rows of `all` that `others` does not hold, each as often. */
function without(all: readonly Row[], others: readonly Row[]): readonly Row[] {
  const left = others.map((row) => JSON.stringify(row));
  return all.filter((row) => {
    const at = left.indexOf(JSON.stringify(row));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
