/**
 * Finds out whether a broken node (an exhibit) differs from the honest one in any run. A campaign whose exhibit changes nothing has shown nothing. Runs are
 * compared by their hashes, and only until one differs.
 */
import { pointText } from '../actors/scheduler/index.ts';
import type { ScenarioData } from '../scenarios/model.ts';
import { type RunOptions, runScenario } from '../scenarios/runner.ts';
import type { CrashpointsOptions } from './crash-points/from-scenario.ts';
import type { NamedPoint } from './crash-points/plan.ts';
import { pointCase } from './crash-points/point-case.ts';
import { type ExploreOptions, scheduleCase } from './exploration/from-scenario.ts';

/** Whether a run with this hash differs from the same run of the honest node. */
export function differsFromHonest(hash: string, data: ScenarioData, options: RunOptions = {}): boolean {
  const { exhibit: _broken, ...same } = options;
  return runScenario(data, { ...same, isHonest: true }).hash !== hash;
}

/** Whether an exhibit (default: that of the variant) changes one of these cases. */
export function changesARun(cases: Iterable<ScenarioData>, exhibit: string | undefined): boolean {
  const how = exhibit === undefined ? {} : { exhibit };
  for (const data of cases) if (differsFromHonest(runScenario(data, how).hash, data)) return true;
  return false;
}

/** The images of the simplest deaths: they leave all or none of the unsynced bytes. */
const plainImages = { kill: ['kill'], power: ['none', 'all'] } as const;

/** For each crash point, the runs with the simplest deaths there. Each run ends at the next height. */
export function* plainDeaths(
  data: ScenarioData,
  points: readonly Pick<NamedPoint, 'point' | 'phase'>[],
  { death, ...options }: Pick<CrashpointsOptions, 'death' | 'restartMs' | 'variant'>,
): Generator<ScenarioData> {
  const images = death === undefined ? Object.values(plainImages).flat() : plainImages[death];
  for (const { point, phase } of points) {
    // A death within an effect (`torn`) has other images.
    if (phase === 'torn') continue;
    for (const image of images) {
      const one = pointCase(data, `${pointText(point, phase)}/${image}`, options);
      yield { ...one, until: { height: point.height + 1, round: 0 } };
    }
  }
}

/** Runs with the plain schedule (first in, first out): one without a death, and one for each simple death of the victim at each crash point. */
export function* plainSchedules(data: ScenarioData, options: ExploreOptions): Generator<ScenarioData> {
  const struck = (deaths: readonly string[]): ScenarioData => scheduleCase(data, options, { picks: {}, deaths });
  const calm = struck([]);
  yield calm;
  if (options.deaths === 0) return;
  for (const event of runScenario(calm, { record: true, isHonest: true }).world.trace.events()) {
    if (event.node !== options.victim || event.type !== 'effect' || event.point === undefined) continue;
    for (const image of Object.values(plainImages).flat()) yield struck([`${pointText(event.point, 'before')}/${image}`]);
  }
}
