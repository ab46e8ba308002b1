/** The argument of each campaign: a scenario from the builder, or its plain data. */
import type { ScenarioData } from '../scenarios/model.ts';

export type AnyScenario = ScenarioData | { readonly data: ScenarioData };

export function scenarioOf(scenario: AnyScenario): ScenarioData {
  return 'data' in scenario ? scenario.data : scenario;
}
