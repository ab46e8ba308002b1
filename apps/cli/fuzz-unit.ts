/**
 * One unit of a fuzz campaign, as a worker runs it: some seeds of one scenario. Plain data in, plain data out. What must be waited for comes
 * before the work.
 */
import { type CampaignPlan, type FuzzCounts, type FuzzMode, fuzzSeeds, type WorkUnit } from '../../campaigns/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';
import type { Worker } from './thread-pool.ts';

export interface FuzzTask {
  readonly file: string;
  /** The scenario, where the file is loaded already. */
  readonly data?: ScenarioData;
  readonly exhibit: string | undefined;
  readonly mode: FuzzMode;
  readonly seeds: readonly number[];
  /** Seeds of runs that these are drawn around (default: they are drawn independently). */
  readonly corpus?: readonly number[];
}

export async function fuzzUnit({ file, data: given, exhibit, mode, seeds, corpus = [] }: FuzzTask): Promise<() => FuzzCounts> {
  await registerBroken(exhibit);
  const data = given ?? (await loadScenario(file)).data;
  return () => fuzzSeeds(data, seeds, { mode, corpus, ...(exhibit === undefined ? {} : { exhibit }) });
}

/** How units of campaigns are run, in this thread and in others. */
export const fuzzWorker: Worker<FuzzTask, FuzzCounts> & { readonly hangMs: number } = {
  file: 'fuzz-unit',
  name: 'fuzzUnit',
  local: fuzzUnit,
  hangMs: 120_000,
};

/** A unit of a campaign whose scenario is data. */
export function fuzzTaskOf({ exhibit, kind }: CampaignPlan, data: ScenarioData, { from, count }: WorkUnit): FuzzTask {
  const seeds = Array.from({ length: count }, (_none, index) => from + index);
  return { file: '', data, exhibit: exhibit ?? undefined, mode: kind, seeds };
}
