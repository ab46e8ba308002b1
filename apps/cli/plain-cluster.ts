/** The clusters that need no file (`--validators 4`): validators A, B, C, ... with equal power. */
import { Scenario, type ScenarioData, ScenarioError, scenario, scenarioHash } from '../../scenarios/index.ts';

const mostValidators = 26;

/** The scenario of this many validators. Throws `ScenarioError` unless it is a whole number from 1 to 26. */
export function plainCluster(validators: number): ScenarioData {
  if (!Number.isInteger(validators) || validators < 1 || validators > mostValidators)
    throw new ScenarioError(`--validators: give a whole number from 1 to ${mostValidators}`);
  const names = Array.from({ length: validators }, (_, index) => String.fromCharCode(65 + index));
  return scenario(`${validators} validators`, Object.fromEntries(names.map((name) => [name, 1]))).data;
}

/** The cluster with this scenario hash, which is part of each failure token. */
export function plainClusterByHash(hash: string): Scenario | undefined {
  for (let validators = 1; validators <= mostValidators; validators += 1) {
    const data = plainCluster(validators);
    if (scenarioHash(data) === hash) return new Scenario(data);
  }
  return undefined;
}
