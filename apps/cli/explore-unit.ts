/** One victim's exploration, as a worker runs it. Plain data in, plain data out. */

import { type ExploreOptions, explorePlan } from '../../campaigns/exploration/from-scenario.ts';
import { type ExploreResult, explore, type SamplePlan, sample } from '../../campaigns/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { loadScenario } from './load-scenario.ts';

export interface ExploreTask {
  readonly file: string;
  /** What stands in it, where it is loaded already: Ctrl-C reaches what waits for no file. */
  readonly data?: ScenarioData;
  readonly options: ExploreOptions;
  /** Schedules drawn; left out: all are searched. */
  readonly sampling?: Pick<SamplePlan, 'strategy' | 'depth' | 'runs' | 'seed'>;
}

export async function exploreUnit({ file, data: given, options, sampling }: ExploreTask): Promise<ExploreResult> {
  const data = given ?? (await loadScenario(file)).data;
  const plan = explorePlan(data, options);
  return sampling === undefined ? explore(plan) : sample({ ...plan, ...sampling });
}
