/** The smallest scenario that still breaks the same property. */
import { shrink } from '../checker/index.ts';
import type { ScenarioData } from './model.ts';
import { smallerScenarios } from './reductions.ts';
import { type RunOptions, runScenario } from './runner.ts';

export interface Minimized {
  readonly data: ScenarioData;
  readonly tries: number;
  readonly isMinimal: boolean;
}

const maxTries = 2000;

export function minimize(data: ScenarioData, options: RunOptions, property: string): Minimized {
  const breaks = (candidate: ScenarioData): boolean =>
    runScenario(candidate, options).properties.some(({ name, verdict }) => name === property && verdict === 'violated');
  const { smallest, tries, isMinimal } = shrink(data, smallerScenarios, breaks, maxTries);
  return { data: smallest, tries, isMinimal };
}
