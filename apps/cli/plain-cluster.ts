/** The clusters that need no file (`--validators 4`): validators A, B, C, ... with equal power. Tokens of their failures are resolved here too. */
import { Scenario, type ScenarioData, ScenarioError, scenario, scenarioHash } from '../../scenarios/index.ts';

const most = 26;

/** The scenario of this many validators. Throws `ScenarioError` unless the number is from 1 to 26. */
export function plainCluster(validators: number): ScenarioData {
  if (validators < 1 || validators > most) throw new ScenarioError(`--validators: give a number from 1 to ${most}`);
  const names = Array.from({ length: validators }, (_, index) => String.fromCharCode(65 + index));
  return scenario(`${validators} validators`, Object.fromEntries(names.map((name) => [name, 1]))).data;
}

export function plainClusterNamed(hash: string): Scenario | undefined {
  for (let validators = 1; validators <= most; validators += 1) {
    const data = plainCluster(validators);
    if (scenarioHash(data) === hash) return new Scenario(data);
  }
  return undefined;
}
