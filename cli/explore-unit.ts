/** One victim's exploration, as a worker runs it. Plain data in, plain data out. */
import { type ExploreResult, explore } from '../checker/index.ts';
import { type ExploreOptions, explorePlan } from '../scenarios/explore.ts';
import { loadScenario } from './load-scenario.ts';

export interface ExploreTask {
  readonly file: string;
  readonly options: ExploreOptions;
}

export async function exploreUnit({ file, options }: ExploreTask): Promise<ExploreResult> {
  const { data } = await loadScenario(file);
  return explore(explorePlan(data, options));
}
