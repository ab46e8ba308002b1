/**
 * A test for any program that keeps state in files: it is run once and recorded, and every disk that a loss of power may leave is recovered and judged.
 * Under mocha, vitest and node:test. `LAZURITE_REPLAY=<state>` judges only the state that a failure names.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  everyPowerLoss,
  type PowerLossTest,
  parseStateToken,
  reportLines,
  type StatesReport,
  writeFolder,
} from '../programs/index.ts';
import { declareTest, type It } from './test-runner.ts';

export { everyPowerLoss, type PowerLossTest, type StatesReport } from '../programs/index.ts';

const limitMs = 300_000;

/**
 * Declares a test that fails unless every state of the disk keeps what was acknowledged. `it`: in place of the runner's own.
 * Throws `PowerLossError` in the test that fails.
 */
export function itSurvivesEveryPowerLoss<Found, Value>(
  title: string,
  test: PowerLossTest<Found, Value> & { readonly it?: It },
): void {
  const body = async (): Promise<void> => {
    const replayed = process.env['LAZURITE_REPLAY'];
    const isState = replayed !== undefined && parseStateToken(replayed) !== undefined;
    const report = await everyPowerLoss(isState ? { ...test, only: replayed } : test);
    if (report.verdict !== 'held') throw new PowerLossError(title, report, keep(title, report));
  };
  declareTest(test.it, title, body, limitMs);
}

/** Some state of the disk does not keep what was acknowledged, or nothing was tested. */
export class PowerLossError extends Error {
  override readonly name = 'PowerLossError';
  readonly report: StatesReport;

  constructor(title: string, report: StatesReport, kept: readonly string[]) {
    super([title, ...reportLines(report), ...kept.map((folder) => `  the files are in ${folder}`)].join('\n'));
    this.report = report;
  }
}

/** Writes the failing states where they can be looked at. */
function keep(title: string, { findings }: StatesReport): readonly string[] {
  const results = process.env['LAZURITE_RESULTS'] ?? 'test-results';
  return findings.map(({ folder }, index) => {
    const at = join(results, `${title.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}-${index + 1}`);
    rmSync(at, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    writeFolder(at, folder);
    return at;
  });
}
