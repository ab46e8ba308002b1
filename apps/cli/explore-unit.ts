/** One victim's exploration, as a worker runs it. Plain data in, plain data out. What must be waited for comes before the work. */
import { type ExploreOptions, type ExploreResult, exploreVictim, type Sampling } from '../../campaigns/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';
import { orWrongMerge, type WrongMerge } from './wrong-merge.ts';

export interface ExploreTask {
  readonly file: string;
  /** The scenario, where the file is loaded already. */
  readonly data?: ScenarioData;
  readonly options: ExploreOptions;
  /** Schedules are drawn; without it all are searched. */
  readonly sampling?: Sampling;
}

export async function exploreUnit({
  file,
  data: given,
  options,
  sampling,
}: ExploreTask): Promise<() => ExploreResult | WrongMerge> {
  await registerBroken(options.exhibit);
  const data = given ?? (await loadScenario(file)).data;
  return () => orWrongMerge(() => exploreVictim(data, options, sampling));
}
