/** A restart of a recorded height: what the node comes back as, what it publishes again, and its futures. */
import { LoggedNode, type NodeOfCase } from './logged-node.ts';
import { InputReader } from './recorded-inputs.ts';
import type { TestedNode } from './tested-node.ts';
import { type Comparison, type RecordedState, type Row, sortedRows } from './verdict.ts';
import { play, type Signed, WalLife, type WalStep } from './wal-life.ts';

export interface Restart {
  /** Entries of the engine's log that were durable at the death. */
  readonly entries: number;
  readonly crashedIn: number;
  readonly start: readonly Row[];
  readonly do: readonly (readonly [number, readonly Row[]])[];
  readonly post: RecordedState;
  /** What follows if only the node's timers fire. */
  readonly alone: readonly WalStep[];
  /** What follows if the inputs after the death come. */
  readonly resume?: readonly WalStep[];
  /** The engine signs a second version. */
  readonly conflict?: unknown;
}

/** The first life as it was at the end of a step. */
export interface LifeSoFar {
  readonly frames: LoggedNode['frames'];
  readonly logged: readonly Row[];
  readonly signed: Signed;
  readonly state: RecordedState;
  readonly post: RecordedState;
}

export function judgeRestart(
  recorded: { readonly self: string; readonly height: number; readonly steps: readonly WalStep[] },
  node: NodeOfCase,
  restart: Restart,
  lives: readonly LifeSoFar[],
  tested: TestedNode,
  comparison: Comparison,
): boolean {
  const { crashedIn, alone, post, conflict } = restart;
  const died = lives[crashedIn];
  if (died === undefined) return comparison.fail(crashedIn, 'a step of this case', crashedIn);
  const steps = recorded.steps.slice(0, crashedIn + 1);
  const isPlain = conflict === undefined && !steps.some(({ in: [tag] }) => /Certificate|Sync/.test(String(tag)));
  // A death before the last entry of its step lies inside the step: this log is a longer one.
  const isCompared = isPlain && restart.entries >= entriesBy(steps);
  const later = recorded.steps.slice(crashedIn + 1);
  const futures = [alone, restart.resume ?? later.map((step): WalStep => ({ in: step.in, do: [] }))];
  for (const [index, future] of futures.entries()) {
    const reborn = new LoggedNode(tested, node, died.frames);
    const life = new WalLife(comparison, reborn, recorded.self, new Map(died.signed), died.logged);
    const back = reborn.start();
    if (!life.isSafe(crashedIn, back)) return false;
    // This log holds all that the node had acted on, also if the engine's does not.
    if (died.state.s !== 'Commit' && !comparison.state(crashedIn, died.state, reborn.state)) return false;
    if (isCompared && !isBack(comparison, restart, back, reborn.state)) return false;
    life.published(back);
    if (post.s === 'Commit') life.decided();
    const isFollowed = isCompared && (index === 0 || restart.resume !== undefined);
    const reader = new InputReader();
    let before = post;
    for (const step of future) {
      const done = play(reborn, reader, step.in, recorded.height);
      const isRight = isFollowed ? life.isSame(crashedIn, step, done, before) : life.isSafe(crashedIn, done);
      if (!isRight) return false;
      before = reborn.state;
    }
  }
  return true;
}

/** The state of the death, and each own vote of the log published again, and the decision. Own proposals may be, or not. */
function isBack(
  comparison: Comparison,
  { crashedIn, start, do: done, post }: Restart,
  back: readonly Row[],
  state: RecordedState,
): boolean {
  const votes = (rows: readonly Row[]): readonly Row[] =>
    rows.filter(([tag, kind]) => (tag === 'Publish' && kind !== 'Propose') || tag === 'Decide');
  const wanted = votes([...start, ...done.flatMap(([, effects]) => effects)]);
  if (!comparison.rows('outputs', crashedIn, unique(wanted), unique(votes(back)))) return false;
  return post.s === 'Commit' || comparison.state(crashedIn, post, state);
}

function unique(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row, index) => rows.findIndex((other) => sortedRows([other]) === sortedRows([row])) === index);
}

function entriesBy(steps: readonly WalStep[]): number {
  return steps.reduce((sum, step) => sum + step.do.filter(([tag]) => tag === 'Append').length, 0);
}
