/**
 * Family `wal`: whole heights, what is logged and published, and what a restart makes of the log. The log is the project's own: each
 * restart comes back with what this node had logged by the step of the death.
 */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import { LoggedNode, type NodeOfCase } from './logged-node.ts';
import { InputReader, proposersOf } from './recorded-inputs.ts';
import type { TestedNode } from './tested-node.ts';
import type { Comparison, RecordedState, Row } from './verdict.ts';
import { entriesOf, play, type Signed, WalLife, type WalStep } from './wal-life.ts';
import { judgeRestart, type LifeSoFar, type Restart } from './wal-restarts.ts';

export interface WalCase {
  readonly self: string;
  readonly height: number;
  readonly validators: readonly ValidatorPower[];
  readonly proposers: unknown;
  readonly steps: readonly WalStep[];
  readonly restarts: readonly Restart[];
}

export function judgeWal(recorded: WalCase, tested: TestedNode, comparison: Comparison): void {
  const node: NodeOfCase = { ...recorded, proposers: proposersOf(recorded.proposers) };
  const first = new LoggedNode(tested, node);
  const reader = new InputReader();
  const signed: Signed = new Map();
  const life = new WalLife(comparison, first, recorded.self, signed);
  const soFar: LifeSoFar[] = [];
  const logged: Row[] = [];
  let before: RecordedState = { h: recorded.height, r: -1, s: 'Unstarted', lr: -1, lv: null, vr: -1, vv: null };
  for (const [index, step] of recorded.steps.entries()) {
    const done = play(first, reader, step.in, recorded.height);
    if (!life.isSame(index, step, done, before)) return;
    before = step.post ?? before;
    logged.push(...entriesOf(done));
    soFar.push({ frames: [...first.frames], logged: [...logged], signed: new Map(signed), state: first.state, post: before });
  }
  for (const restart of recorded.restarts) if (!judgeRestart(recorded, node, restart, soFar, tested, comparison)) return;
}
