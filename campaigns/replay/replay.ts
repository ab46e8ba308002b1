/** Repeats one run: that of a kept failure, or that of a token with its scenario. */
import { ScenarioError } from '../../scenarios/error.ts';
import { type Run, runScenario } from '../../scenarios/runner.ts';
import { parseToken } from '../../scenarios/token.ts';
import { type AnyScenario, scenarioOf } from '../scenario-of.ts';
import { type Failure, failedCase, namedCase } from './named-run.ts';

/** A kept failure, or a token with the scenario that it names. */
export type Replayable = Failure | { readonly scenario: AnyScenario; readonly token: string };

/**
 * Repeats exactly that run and records its events, for assertions and traces. Throws `ScenarioError` for a text that is no token, and for a token of a
 * variant that the scenario does not have.
 *
 * @example
 * import { scenario } from 'lazurite';
 * import { crashpoints, replay } from 'lazurite/campaigns';
 *
 * const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
 * const { failures } = crashpoints(four, { nodes: ['B'], heights: '1', sites: ['publish'], exhibit: 'no-fsync' });
 * for (const { token, failure } of failures.slice(0, 1)) {
 *   const run = replay({ scenario: four, token });
 *   console.log(run.verdict, replay(failure).hash === run.hash);
 * }
 * // prints violated true
 */
export function replay(what: Replayable): Run {
  if (!('token' in what)) return runOf(failedCase(what));
  const name = parseToken(what.token);
  if (name === undefined) throw new ScenarioError(`'${what.token}' is no token; a token begins with t1.`);
  if (name === 'wrong') throw new ScenarioError(`${what.token}: the check digits do not fit; a letter was lost or changed`);
  return runOf(namedCase(scenarioOf(what.scenario), name));
}

function runOf({ data, options }: ReturnType<typeof namedCase>): Run {
  return runScenario(data, { ...options, record: true });
}
