/** The run of a campaign without the enumerated deaths: its crash points. */
import type { PointHook, World } from '../../actors/scheduler/index.ts';
import type { PointName } from '../../core/events.ts';
import type { CrashpointsPlan, NamedPoint } from './plan.ts';

/** The crash points of the plan, without any death. */
export function listCrashpoints(plan: CrashpointsPlan): readonly NamedPoint[] {
  const points: NamedPoint[] = [];
  walk(plan, plan.start(), (point, phase) => {
    points.push({ point, phase });
  });
  return points;
}

/** Executes the run without the enumerated deaths, up to the last height, and calls `onPoint` at each crash point of the plan. */
export function walk(plan: CrashpointsPlan, world: World, onPoint: PointHook): void {
  const last = plan.heights[1];
  world.onPoint = (point, phase, effect, at) => {
    if (isWanted(plan, point, at)) onPoint(point, phase, effect, at);
  };
  world.run({
    until: (now) => now.onPoint === undefined || plan.victims.every((victim) => plan.progress(now, victim) > last),
    time: world.now + plan.limitMs * 1000,
  });
}

export function isWanted(
  { victims, sites, heights, progress }: CrashpointsPlan,
  { node, site }: PointName,
  world: World,
): boolean {
  if (!victims.includes(node)) return false;
  const height = progress(world, node);
  return height >= heights[0] && height <= heights[1] && (sites === undefined || sites.includes(site));
}
