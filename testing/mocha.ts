/**
 * Mocha fixtures, `lazurite/mocha`: a test at every crash point of a scenario. Synchronous, no globals of its own; works in parallel mode.
 *
 * `LAZURITE_REPLAY=<token>` runs only the case that the token names.
 */
/// <reference types="mocha" preserve="true" />
import { type CrashpointCase, type CrashpointChoice, crashpointCases } from '../campaigns/index.ts';
import {
  formatToken,
  parseToken,
  type Run,
  runScenario,
  type Scenario,
  ScenarioError,
  scenarioHash,
} from '../scenarios/index.ts';

export interface EveryCrashPoint extends CrashpointChoice {
  /** One test a site (default), or one a crash point. */
  readonly tests?: 'site' | 'point';
}

/**
 * Declares tests that kill a node at each crash point, in each way (killed; power with nothing unsynced left; with everything left), and
 * hand the whole run to `judge`. A failure names the point and the token that replays it.
 */
export function itAtEveryCrashPoint(scenario: Scenario, options: EveryCrashPoint, judge: (run: Run) => void): void {
  const wanted = parseToken(process.env['LAZURITE_REPLAY'] ?? '');
  const cases = crashpointCases(scenario.data, options).filter(
    ({ point }) => typeof wanted !== 'object' || wanted.what === point,
  );
  if (cases.length === 0 && typeof wanted !== 'object')
    throw new ScenarioError(
      `scenario '${scenario.name}': ${options.node} has no crash point at these heights${options.sites === undefined ? '' : ` and sites (${options.sites.join(', ')})`}; \`lazurite crashpoints FILE --list\` names those there are`,
    );
  const tests = new Map<string, CrashpointCase[]>();
  for (const one of cases) {
    const name = options.tests === 'point' ? `dies at ${one.name}` : `dies at each of the crash points of ${one.site}`;
    tests.set(name, [...(tests.get(name) ?? []), one]);
  }
  for (const [name, deaths] of tests)
    it(`${name} (${deaths.length} deaths)`, () => {
      for (const { point, data } of deaths) {
        const run = runScenario(data, { record: true });
        try {
          judge(run);
        } catch (error) {
          if (error instanceof Error) {
            const token = formatToken({
              scenario: scenarioHash(scenario.data),
              seed: data.seed,
              variant: undefined,
              exhibit: undefined,
              what: point,
            });
            error.message += `\n  at       ${point}\n  alone    LAZURITE_REPLAY=${token} npx mocha`;
          }
          throw error;
        }
      }
    });
}
