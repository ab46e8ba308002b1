/**
 * `lazurite/mocha`: tests at every crash point, and root hooks that keep the page of a run that failed.
 */
/// <reference types="mocha" preserve="true" />

import { join } from 'node:path';
import { failureOf } from '../../campaigns/index.ts';
import { type Run, ScenarioError } from '../../scenarios/index.ts';
import { runOf } from '../../testing/chai.ts';
import { say } from '../output/standard-error.ts';
import { writeWhole } from '../output/write-whole.ts';

export { type EveryCrashPoint, itAtEveryCrashPoint } from '../../testing/mocha.ts';
export { itSurvivesEveryPowerLoss } from '../../testing/survives-power-loss.ts';

/**
 * Root hooks: what failed is kept beside the test results, as a page to look at and as a file for `lazurite replay`. In `.mocharc.json`:
 * `"require": "lazurite/mocha"`. They are in `test-results`, or where LAZURITE_RESULTS says.
 */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    const run = test?.state === 'failed' ? (runOf(test.err) as Run | undefined) : undefined;
    if (test === undefined || run === undefined) return;
    // To make the page may take longer than a test may. A hook that fails would end the suite.
    this.timeout(0);
    let kept: Kept;
    try {
      kept = await keep(run, test.fullTitle());
    } catch (error) {
      say(`  not kept: ${error instanceof ScenarioError ? error.message : String(error)}`);
      return;
    }
    // Then a replay is green, and nobody should take that for a test that is mended.
    const isGreen = run.properties.every(({ verdict }) => verdict !== 'violated');
    const words = isGreen ? ' (no property is violated: what the test says beside them is not replayed)' : '';
    say(`  kept: look at ${kept.page}, or npx lazurite replay ${kept.file}${words}`);
  },
};

interface Kept {
  readonly page: string;
  readonly file: string;
}

/** Throws `ScenarioError` if the files cannot be written. */
async function keep(run: Run, title: string): Promise<Kept> {
  const [{ html, parts }, { recordOf }, { lessonsThatShip }] = await Promise.all([
    import('./template.ts'),
    import('./record/record-run.ts'),
    import('./lessons.ts'),
  ]);
  const { data, seed, variant, exhibit, properties } = run;
  const options = { seed, ...(variant === null ? {} : { variant }), ...(exhibit === undefined ? {} : { exhibit }) };
  const broken = properties.find(({ verdict }) => verdict === 'violated')?.name ?? '';
  const name = join(process.env['LAZURITE_RESULTS'] ?? 'test-results', title.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80));
  writeWhole(`${name}.json`, JSON.stringify(failureOf(data, options, run, broken)));
  writeWhole(
    `${name}.html`,
    html(await parts(), title, { records: [recordOf(data, options)], lessons: lessonsThatShip(), lesson: -1 }),
  );
  return { page: `${name}.html`, file: `${name}.json` };
}
