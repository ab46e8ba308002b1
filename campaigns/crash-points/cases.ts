/** The crash points of a scenario as single runs: for tests that want to judge each by themselves. */
import { pointText } from '../../actors/scheduler/index.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { type Bounds, deathVariantsAt } from './death-variants.ts';
import { crashpointsPlan, pointCase } from './from-scenario.ts';

export interface CrashpointChoice {
  readonly node: string;
  /** First and last height of the victim (default: 1 and 2). */
  readonly heights?: readonly [number, number];
  /** Sites to look at; default: all. */
  readonly sites?: readonly string[];
  /**
   * `few` (default): at each point, before and after, a kill, power with nothing unsynced left, and power with everything left. `all`: also every
   * byte cut and every subset of sectors of what was pending, and every set of peers that heard a message.
   */
  readonly images?: 'few' | 'all';
}

export interface CrashpointCase {
  readonly site: string;
  /** `B@1.0/wal.flush~2:before` */
  readonly name: string;
  /** With its image, as a token names it. */
  readonly point: string;
  readonly data: ScenarioData;
}

/** A run for each death at each crash point. Throws `ScenarioError` for a node that is not in the cast. */
export function crashpointCases(
  data: ScenarioData,
  { node, heights = [1, 2], sites, images = 'few' }: CrashpointChoice,
): readonly CrashpointCase[] {
  const range = `${heights[0]}-${heights[1]}`;
  const plan = crashpointsPlan(data, {
    nodes: [node],
    heights: range,
    ...(sites === undefined ? {} : { sites }),
  });
  const world = plan.start();
  const cases: CrashpointCase[] = [];
  const bounds: Bounds = { rules: new Set(), isComplete: true };
  world.onPoint = (point, phase, effect, at) => {
    const height = plan.progress(at, node);
    const isWanted = point.node === node && height >= heights[0] && height <= heights[1];
    if (!isWanted || (phase === 'torn' && images === 'few') || plan.sites?.includes(point.site) === false) return;
    const name = pointText(point, phase);
    for (const { death } of deathVariantsAt(plan, at, point, phase, effect, bounds).flatMap(({ deaths }) => deaths)) {
      const whole = `${name}/${death.image}`;
      cases.push({ site: point.site, name, point: whole, data: pointCase(data, whole) });
    }
  };
  world.run({ until: (now) => plan.progress(now, node) > heights[1], time: plan.limitMs * 1000 });
  return cases;
}
