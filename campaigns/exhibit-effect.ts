/**
 * Whether a broken node differs from the honest one in some run: a campaign with an exhibit that changes nothing has shown nothing. Runs are compared
 * by their hashes, and only until one differs.
 */
import { pointText } from '../actors/scheduler/index.ts';
import type { ScenarioData } from '../scenarios/model.ts';
import { type RunOptions, runScenario } from '../scenarios/runner.ts';
import { type CrashpointsOptions, pointCase } from './crash-points/from-scenario.ts';
import type { NamedPoint } from './crash-points/plan.ts';
import { type ExploreOptions, scheduleCase } from './exploration/from-scenario.ts';

/** Whether a run, given by its hash, differs from that of the honest node. */
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

/** Deaths that leave the most, and the least, of what was not synced. */
const plainImages = { kill: ['kill'], power: ['none', 'all'] } as const;

/** The run of each crash point with the plainest deaths, up to the height after it. */
export function* plainDeaths(
  data: ScenarioData,
  points: readonly Pick<NamedPoint, 'point' | 'phase'>[],
  { death, ...options }: Pick<CrashpointsOptions, 'death' | 'restartMs' | 'variant'>,
): Generator<ScenarioData> {
  const images = death === undefined ? Object.values(plainImages).flat() : plainImages[death];
  for (const { point, phase } of points) {
    // A death within an effect has images of its own.
    if (phase === 'torn') continue;
    for (const image of images) {
      const one = pointCase(data, `${pointText(point, phase)}/${image}`, options);
      yield { ...one, until: { height: point.height + 1, round: 0 } };
    }
  }
}

/** First in, first out: without a death, and with the plainest deaths of the victim at each of its crash points. */
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
