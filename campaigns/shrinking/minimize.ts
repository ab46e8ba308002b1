/** Shrinks a failing scenario to a small one that still violates the same property. */

import { wasGivenUp } from '../../scenarios/end-of-run.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { protocolNamed, setsOf } from '../../scenarios/protocols.ts';
import { type Run, type RunOptions, runScenario } from '../../scenarios/runner.ts';
import { type AnyScenario, scenarioOf } from '../scenario-of.ts';
import { reductions } from './reductions.ts';
import { shrink } from './shrink.ts';

export interface Minimized {
  readonly data: ScenarioData;
  readonly tries: number;
  /** No reduction makes the scenario smaller. False if the search ended early, after too many tries. */
  readonly isMinimal: boolean;
}

const maxTries = 2000;
/** A candidate may take this many deliveries, or as many as the scenario that it would replace, whichever is more. A longer run is not smaller. */
const leastSteps = 5_000;

/**
 * Makes a scenario that violates `property` smaller: fewer faults, nodes and steps, simpler faults, smaller numbers. The result still violates the
 * property. If only the broken node of `options.exhibit` violates it, the honest node still keeps it. `options` are those of the run (variant,
 * exhibit, seed).
 *
 * @example
 * import { event, scenario } from 'lazurite';
 * import { minimize } from 'lazurite/campaigns';
 *
 * const large = scenario('two deaths, one of them needed', { A: 1, B: 1, C: 1, D: 1 })
 *   .fault({ ...event('publish', { type: 'prevote' }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 10 })
 *   .fault({ time: 900 }, { type: 'kill', nodes: ['C'], restartMs: 100 })
 *   .until({ height: 6 });
 * const { data, isMinimal } = minimize(large, { exhibit: 'no-wal' }, 'no-equivocation');
 * console.log(data.faults.length, isMinimal);
 * // prints 1 true
 */
export function minimize(scenario: AnyScenario, options: RunOptions, property: string): Minimized {
  const data = scenarioOf(scenario);
  const failing = runScenario(data, options);
  let { steps } = failing.world;
  // A candidate with more faulty power than the bound, or that breaks the honest node too, shows another failure.
  const mayLeave = !isWithinBound(failing);
  const { exhibit, ...honest } = options;
  const hasHonest = exhibit !== undefined && !isBroken(runScenario(data, honest), property);
  const breaks = (candidate: ScenarioData): boolean => {
    const maxSteps = options.maxSteps ?? Math.max(leastSteps, steps);
    const run = runLegal(candidate, { ...options, maxSteps });
    if (run === undefined || wasGivenUp(run.end) || !isBroken(run, property)) return false;
    if (!mayLeave && !isWithinBound(run)) return false;
    const sound = hasHonest ? runScenario(candidate, { ...honest, maxSteps }) : undefined;
    if (sound !== undefined && (wasGivenUp(sound.end) || isBroken(sound, property))) return false;
    steps = run.world.steps;
    return true;
  };
  let smallest = data;
  let tries = 0;
  // Tries one kind of reduction after another, in a circle, until none of them makes the scenario smaller.
  for (let at = 0, idle = 0; idle < reductions.length; at = (at + 1) % reductions.length) {
    const shrunk = shrink(smallest, reductions[at] as (typeof reductions)[number], breaks, maxTries - tries);
    tries += shrunk.tries;
    idle = shrunk.smallest === smallest ? idle + 1 : 1;
    smallest = shrunk.smallest;
    if (!shrunk.isMinimal) return { data: smallest, tries, isMinimal: false };
  }
  return { data: smallest, tries, isMinimal: true };
}

/** Whether the run violates `property`. It violates `determinism` if a second run has another hash. */
export function isBroken(run: Run, property: string): boolean {
  if (property === 'determinism') return run.again().hash !== run.hash;
  return run.properties.some(({ name, verdict }) => name === property && verdict === 'violated');
}

/** Runs a candidate. Undefined if the reduction has made the scenario invalid. */
function runLegal(data: ScenarioData, options: RunOptions): Run | undefined {
  try {
    return runScenario(data, options);
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}

/**
 * Whether the protocol promises safety in this run. A Byzantine fault tolerant protocol does if less than a third of the voting power was faulty;
 * another protocol does if no node was.
 */
export function isWithinBound({ data, world }: Pick<Run, 'data' | 'world'>): boolean {
  const faulty = castOf(data).filter((name) => world.observer.isFaulty(name));
  if (protocolNamed(data.protocol).tolerates !== 'byzantine') return faulty.length === 0;
  return setsOf(data).every(({ powers }) => {
    const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + (powers.get(name) ?? 0), 0);
    return 3 * sum(faulty) < sum(powers.keys());
  });
}
