/** The crash points of a scenario as single runs: for tests that want to judge each by themselves. */
import { pointText } from '../../actors/scheduler/index.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { crashpointsPlan, pointCase } from './from-scenario.ts';

export interface CrashpointChoice {
  readonly node: string;
  /** First and last height of the victim (default: 1 and 2). */
  readonly heights?: readonly [number, number];
  /** Sites to look at; left out: all. */
  readonly sites?: readonly string[];
}

export interface CrashpointCase {
  readonly site: string;
  /** `B@1.0/wal.flush~2:before` */
  readonly name: string;
  /** With its image, as a token names it. */
  readonly point: string;
  readonly data: ScenarioData;
}

/** Each point, before and after, killed, without and with what was not synced. Throws `ScenarioError` for a node that is not in the cast. */
export function crashpointCases(
  data: ScenarioData,
  { node, heights = [1, 2], sites }: CrashpointChoice,
): readonly CrashpointCase[] {
  const range = `${heights[0]}-${heights[1]}`;
  const plan = crashpointsPlan(data, {
    nodes: [node],
    heights: range,
    pending: 0,
    merge: true,
    ...(sites === undefined ? {} : { sites }),
  });
  const world = plan.start();
  const cases: CrashpointCase[] = [];
  world.onPoint = (point, phase, _effect, at) => {
    const height = plan.progress(at, node);
    const isWanted = point.node === node && height >= heights[0] && height <= heights[1];
    if (!isWanted || phase === 'torn' || plan.sites?.includes(point.site) === false) return;
    const images = at.disk(node).pending().length > 0 ? ['kill', 'none', 'all'] : ['kill', 'none'];
    for (const image of images) {
      const name = pointText(point, phase);
      cases.push({ site: point.site, name, point: `${name}/${image}`, data: pointCase(data, `${name}/${image}`) });
    }
  };
  world.run({ until: (now) => plan.progress(now, node) > heights[1], time: plan.limitMs * 1000 });
  return cases;
}
