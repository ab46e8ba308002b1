/** One part of an enumeration, as a worker runs it. Plain data in, plain data out. */

import { type CrashpointsOptions, crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { type Cell, type CrashpointsResult, enumerateCrashpoints, type NamedPoint } from '../../campaigns/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { loadScenario } from './load-scenario.ts';

export interface CrashpointsTask {
  readonly file: string;
  /** What stands in it, where it is loaded already: Ctrl-C reaches what waits for no file. */
  readonly data?: ScenarioData;
  readonly options: CrashpointsOptions;
}

/** A crash point and the how many-th of the walk it is. */
export type Numbered = NamedPoint & { readonly order: number };

export async function crashpointsUnit({ file, data: given, options }: CrashpointsTask): Promise<CrashpointsResult> {
  const data = given ?? (await loadScenario(file)).data;
  return enumerateCrashpoints(crashpointsPlan(data, options));
}

/** Parts of one walk, put together as if it had been one. What was not judged is undecided. */
export function together(parts: readonly CrashpointsResult[], unjudged: readonly Numbered[]): CrashpointsResult {
  const open = unjudged.map((named): Cell => ({ ...named, images: 0, verdict: 'undecided', failures: [] }));
  return {
    cells: [...parts.flatMap(({ cells }) => cells), ...open].sort((a, b) => a.order - b.order),
    images: parts.reduce((sum, { images }) => sum + images, 0),
    states: [...new Set(parts.flatMap(({ states }) => states))],
    rules: [...new Set(parts.flatMap(({ rules }) => rules))],
    isComplete: parts.length > 0 && open.length === 0 && parts.every(({ isComplete }) => isComplete),
  };
}
