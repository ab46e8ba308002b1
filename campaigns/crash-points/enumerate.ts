/**
 * Enumerates crash points. The run is executed once and forked at every crash point of the victims. There is one fork for each way to die that leaves a
 * distinct disk. In it the victim dies and is restarted, and the properties of the plan judge it to its end.
 *
 * Forks with equal states after recovery have the same future, so it is run once. With `nested` a second death follows at every crash point of each distinct
 * recovery.
 */

import { DeathJudge } from './judge-deaths.ts';
import type { Cell, CrashpointsPlan, CrashpointsResult } from './plan.ts';
import { RunAlone } from './run-alone.ts';
import { enumeratePairs } from './together/enumerate-pairs.ts';
import { walk } from './walk.ts';

/**
 * Judges every death of the plan. `onCell` is called with each crash point after it was judged; if it returns `stop`, the enumeration ends. Without
 * `onCell` many points are judged together, which is faster.
 */
export function enumerateCrashpoints(plan: CrashpointsPlan, onCell?: (cell: Cell) => 'stop' | undefined): CrashpointsResult {
  if (plan.together === true) return enumeratePairs(plan, onCell);
  const alone = new RunAlone(plan);
  const world = plan.start();
  const cells: Cell[] = [];
  const judge = new DeathJudge({ ...plan, ignored: alone.violated });
  let seen = 0;
  walk(plan, world, (point, phase, effect, at) => {
    seen += 1;
    const { part } = plan;
    if (part !== undefined && (point.node !== part.victim || seen < part.from || seen > part.to)) return;
    const order = seen;
    judge.add(at, point, phase, effect, (judged) => {
      const cell = { order, point, phase, ...alone.without(judged) };
      cells.push(cell);
      if (onCell?.(cell) === 'stop') world.onPoint = undefined;
    });
    if (onCell !== undefined) judge.settle();
  });
  judge.settle();
  const last = plan.heights[1];
  const { bounds, states, verifiedMerges } = judge;
  if (plan.nested && plan.merge) bounds.rules.add('second deaths in one recovery of each state that recoveries lead to');
  const isComplete = bounds.isComplete && plan.victims.every((victim) => plan.progress(world, victim) > last);
  const images = cells.reduce((sum, cell) => sum + cell.images, 0);
  const verified = verifiedMerges === undefined ? {} : { verifiedMerges };
  return { withoutDeath: alone.violations, cells, images, states, ...verified, rules: [...bounds.rules], isComplete };
}
