/**
 * Mocha fixtures, `lazurite/mocha`: a test at every crash point of a scenario. Synchronous, no globals of its own; works in parallel mode.
 *
 * `LAZURITE_REPLAY=<token>` runs only the case that the token names.
 */
/// <reference types="mocha" preserve="true" />
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runOf } from './checker/chai.ts';
import {
  type CrashpointCase,
  type CrashpointChoice,
  crashpointCases,
  failureOf,
  formatToken,
  parseToken,
  type Run,
  runScenario,
  type Scenario,
  ScenarioError,
  scenarioHash,
} from './scenarios/index.ts';

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

/**
 * Root hooks: what failed is kept beside the test results, as a page to look at and as a file for `lazurite replay`. In `.mocharc.json`:
 * `"require": "lazurite/mocha"`. They stand in `test-results`, or where LAZURITE_RESULTS says.
 */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    const run = test?.state === 'failed' ? (runOf(test.err) as Run | undefined) : undefined;
    if (test === undefined || run === undefined) return;
    const kept = await keep(run, test.fullTitle());
    // Then a replay is green, and nobody should take that for a test that is mended.
    const isGreen = run.properties.every(({ verdict }) => verdict !== 'violated');
    const words = isGreen ? ' (no property is violated: what the test says beside them is not replayed)' : '';
    process.stderr.write(`  kept: look at ${kept.page}, or npx lazurite replay ${kept.file}${words}\n`);
  },
};

async function keep(run: Run, title: string): Promise<{ readonly page: string; readonly file: string }> {
  const [{ html, parts }, { recordOf }] = await Promise.all([import('./lab/template.ts'), import('./lab/record/record-run.ts')]);
  const { data, seed, variant, exhibit, properties } = run;
  const options = { seed, ...(variant === null ? {} : { variant }), ...(exhibit === undefined ? {} : { exhibit }) };
  const broken = properties.find(({ verdict }) => verdict === 'violated')?.name ?? '';
  const name = join(process.env['LAZURITE_RESULTS'] ?? 'test-results', title.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80));
  mkdirSync(dirname(name), { recursive: true });
  writeFileSync(`${name}.html`, html(await parts(), title, { records: [recordOf(data, options)], lessons: [], lesson: -1 }));
  writeFileSync(`${name}.json`, JSON.stringify(failureOf(data, options, run, broken)));
  return { page: `${name}.html`, file: `${name}.json` };
}
