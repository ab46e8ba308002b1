/**
 * A test at every crash point of a scenario: for mocha (`lazurite/mocha`), and for vitest and node:test as well. No globals of its own; works in
 * parallel mode.
 *
 * `LAZURITE_REPLAY=<token>` runs only the case that the token names.
 */
/// <reference types="mocha" preserve="true" />
import { type CrashpointCase, type CrashpointChoice, crashpointCases } from '../campaigns/index.ts';
import { formatToken, parseToken, type Run, runScenario, Scenario, ScenarioError, scenarioHash } from '../scenarios/index.ts';
import { addLines, giveToken, tokenOf } from './run-token.ts';
import { type Complaint, isLike, unexpectedIn } from './subject.ts';
import { declareTest, type It } from './test-runner.ts';

export interface EveryCrashPoint extends CrashpointChoice {
  /** One test a site (default), or one a crash point. */
  readonly tests?: 'site' | 'point';
  /** Complaints that the runs may have: a part of their text, or a pattern. Any other fails its test, also with `judge` says. */
  readonly despite?: readonly Complaint[];
  /** Declares a test, in place of the `it` of the runner. */
  readonly it?: It;
}

/** Ms that a test may take: to begin, and for each death. Far more than an idle machine needs. */
const limitMs = { begin: 10_000, death: 1000 } as const;

/**
 * Declares tests that kill a node at each crash point, in each way (killed; power with nothing unsynced left; with everything left), and
 * hand the whole run to `judge`. Each run goes on until the node is back and has decided some heights more. What the scenario expects of its own run, by
 * `expect` and `until`, does not count here: `judge` says what must hold. A failure names the point and the token that replays it. Each test sets its own limit of time.
 * Throws `ScenarioError` when the node has no crash point there, and for arguments of the wrong kind.
 */
export function itAtEveryCrashPoint(scenario: Scenario, options: EveryCrashPoint, judge: (run: Run) => void): void {
  refuseMisuse(scenario, judge);
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
    declareTest(
      options.it,
      `${name} (${deaths.length} ${deaths.length === 1 ? 'death' : 'deaths'})`,
      () => {
        for (const death of deaths) judgeDeath(scenario, death, options, judge);
      },
      limitMs.begin + limitMs.death * deaths.length,
    );
}

/** Throws what `judge` throws, or that the run did not happen as it is written, with the point and the token. */
function judgeDeath(
  scenario: Scenario,
  { point, data }: CrashpointCase,
  { despite = [] }: EveryCrashPoint,
  judge: (run: Run) => void,
): void {
  const run = runScenario(data, { record: true });
  const { seed } = data;
  // If there are many runs, only some have each complaint.
  const expected = despite.filter((one) => run.notCarriedOut.some((complaint) => isLike(one, complaint)));
  giveToken(
    run,
    formatToken({ scenario: scenarioHash(scenario.data), seed, variant: undefined, exhibit: undefined, what: point }),
  );
  try {
    const problem = unexpectedIn(run, run.notCarriedOut, expected);
    if (problem !== undefined) throw new Error(problem);
    judge(run);
  } catch (error) {
    if (error instanceof Error) addLines(error, [`  at       ${point}`, `  alone    LAZURITE_REPLAY=${tokenOf(run)} npx mocha`]);
    throw error;
  }
}

function refuseMisuse(scenario: unknown, judge: unknown): void {
  if (!(scenario instanceof Scenario))
    throw new ScenarioError(
      'itAtEveryCrashPoint() takes a scenario first, one that is not run yet: `scenario(...)` without `.run()`',
    );
  if (typeof judge !== 'function')
    throw new ScenarioError(
      'itAtEveryCrashPoint() takes a function last, which judges each run: `(run) => { expect(run).to.agree(); }`',
    );
}
