/** Turns the crash points of a scenario into single runs, for tests that judge each run themselves. */
import { pointText } from '../../actors/scheduler/index.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { type Bounds, deathVariantsAt } from './death-variants.ts';
import { crashpointsPlan } from './from-scenario.ts';
import { pointCase } from './point-case.ts';

export interface CrashpointChoice {
  readonly node: string;
  /** The first and last height at which the victim dies (default: 1 and 2). */
  readonly heights?: readonly [number, number];
  /** Only crash points at these sites (default: all). */
  readonly sites?: readonly string[];
  /**
   * `few` (default): three deaths before and after each effect: a kill, a loss of power that leaves nothing unsynced, and one that leaves all of it.
   * `all`: also every byte at which pending writes may be cut, every subset of their sectors, and every set of peers that received a message.
   */
  readonly images?: 'few' | 'all';
}

export interface CrashpointCase {
  readonly site: string;
  /** The crash point, such as `B@1.0/wal.flush~2:before`. */
  readonly name: string;
  /** The crash point with its image, as in a token. */
  readonly point: string;
  readonly data: ScenarioData;
}

/** Returns a run for each death at each crash point. Throws `ScenarioError` for an unknown node. */
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
