/**
 * One unit of a fuzz campaign, as a worker runs it: some seeds of one scenario. Plain data in, plain data out. What must be waited for comes
 * before the work.
 */
import { type FuzzCounts, type FuzzMode, fuzzSeeds } from '../../campaigns/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { brokenFrom, loadScenario } from './load-scenario.ts';

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
  await brokenFrom(exhibit);
  const data = given ?? (await loadScenario(file)).data;
  return () => fuzzSeeds(data, seeds, { mode, corpus, ...(exhibit === undefined ? {} : { exhibit }) });
}
