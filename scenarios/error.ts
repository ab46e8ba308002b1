/** A mistake in a scenario. The message says where it is, what was expected and what to do. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly code = 'SCENARIO_MISTAKE';
}
