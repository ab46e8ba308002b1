/** One part of an enumeration, as a worker runs it. Plain data in, plain data out. */
import { type CrashpointsResult, enumerateCrashpoints } from '../checker/index.ts';
import { type CrashpointsOptions, crashpointsPlan } from '../scenarios/crashpoints.ts';
import { loadScenario } from './load-scenario.ts';

export interface CrashpointsTask {
  readonly file: string;
  readonly options: CrashpointsOptions;
}

export async function crashpointsUnit({ file, options }: CrashpointsTask): Promise<CrashpointsResult> {
  const { data } = await loadScenario(file);
  return enumerateCrashpoints(crashpointsPlan(data, options));
}

/** Parts of one walk, put together as if it had been one. */
export function together(parts: readonly CrashpointsResult[]): CrashpointsResult {
  return {
    cells: parts.flatMap(({ cells }) => cells).sort((a, b) => a.order - b.order),
    images: parts.reduce((sum, { images }) => sum + images, 0),
    states: [...new Set(parts.flatMap(({ states }) => states))],
    rules: [...new Set(parts.flatMap(({ rules }) => rules))],
    isComplete: parts.every(({ isComplete }) => isComplete),
  };
}
