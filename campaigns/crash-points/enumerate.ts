/**
 * Enumerates crash points. The run is executed once and forked at every crash point of the victims. There is one fork for each way to die that leaves a
 * distinct disk. In it the victim dies and is restarted, and the properties of the plan judge it to its end.
 *
 * Forks with equal states after recovery have the same future, so it is run once. With `nested` a second death follows at every crash point of each distinct
 * recovery.
 */

import type { PointHook, World } from '../../actors/scheduler/index.ts';
import type { PointName } from '../../core/events.ts';
import { DeathJudge } from './judge-deaths.ts';
import type { Cell, CrashpointsPlan, CrashpointsResult, NamedPoint, WithoutDeath } from './plan.ts';

/**
 * Judges every death of the plan. `onCell` is called with each crash point after it was judged; if it returns `stop`, the enumeration ends. Without
 * `onCell` many points are judged together, which is faster.
 */
export function enumerateCrashpoints(plan: CrashpointsPlan, onCell?: (cell: Cell) => 'stop' | undefined): CrashpointsResult {
  const withoutDeath = judgedAlone(plan);
  const world = plan.start();
  const cells: Cell[] = [];
  const judge = new DeathJudge({ ...plan, ignored: new Set(withoutDeath.map(({ property }) => property)) });
  let seen = 0;
  walk(plan, world, (point, phase, effect, at) => {
    seen += 1;
    const { part } = plan;
    if (part !== undefined && (point.node !== part.victim || seen < part.from || seen > part.to)) return;
    const order = seen;
    judge.add(at, point, phase, effect, (judged) => {
      const cell = { order, point, phase, ...judged };
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
  return { withoutDeath, cells, images, states, ...verified, rules: [...bounds.rules], isComplete };
}

/** The properties that the run violates without any death. It is judged until it is three heights past the last height of the plan. */
function judgedAlone(plan: CrashpointsPlan): readonly WithoutDeath[] {
  const world = plan.start();
  const last = plan.heights[1];
  world.run({ until: (now) => plan.victims.every((victim) => plan.hasEnded(now, victim, last)), time: plan.limitMs * 1000 });
  return world.verdicts().flatMap(({ verdict, violations }, index): readonly WithoutDeath[] => {
    if (verdict !== 'violated') return [];
    return [{ property: plan.properties[index] ?? '', message: violations[0]?.message ?? '' }];
  });
}

/** The crash points of the plan, without any death. */
export function listCrashpoints(plan: CrashpointsPlan): readonly NamedPoint[] {
  const points: NamedPoint[] = [];
  walk(plan, plan.start(), (point, phase) => {
    points.push({ point, phase });
  });
  return points;
}

/** Executes the run without the enumerated deaths, up to the last height, and calls `onPoint` at each crash point of the plan. */
function walk(plan: CrashpointsPlan, world: World, onPoint: PointHook): void {
  const last = plan.heights[1];
  world.onPoint = (point, phase, effect, at) => {
    if (isWanted(plan, point, at)) onPoint(point, phase, effect, at);
  };
  world.run({
    until: (now) => now.onPoint === undefined || plan.victims.every((victim) => plan.progress(now, victim) > last),
    time: world.now + plan.limitMs * 1000,
  });
}

function isWanted({ victims, sites, heights, progress }: CrashpointsPlan, { node, site }: PointName, world: World): boolean {
  if (!victims.includes(node)) return false;
  const height = progress(world, node);
  return height >= heights[0] && height <= heights[1] && (sites === undefined || sites.includes(site));
}
