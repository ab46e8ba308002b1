/** One part of an enumeration, as a worker runs it. Plain data in, plain data out. What must be waited for comes before the work. */
import { type CrashpointsOptions, type CrashpointsResult, crashpointsPlan, enumerateCrashpoints } from '../../campaigns/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';
import { orWrongMerge, type WrongMerge } from './wrong-merge.ts';

export interface CrashpointsTask {
  readonly file: string;
  /** The scenario, where the file is loaded already. */
  readonly data?: ScenarioData;
  readonly options: CrashpointsOptions;
}

export async function crashpointsUnit({
  file,
  data: given,
  options,
}: CrashpointsTask): Promise<() => CrashpointsResult | WrongMerge> {
  await registerBroken(options.exhibit);
  const data = given ?? (await loadScenario(file)).data;
  return () => orWrongMerge(() => enumerateCrashpoints(crashpointsPlan(data, options)));
}
