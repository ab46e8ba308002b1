/** The smallest scenario that still breaks the same property. */

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
  /** No fault, no liar and no node can be left out, and nothing else is smaller in any of the ways that were tried. */
  readonly isMinimal: boolean;
}

const maxTries = 2000;
/** Deliveries that each candidate may take, if the one that it is to replace takes fewer: what takes more than both is not smaller. */
const leastSteps = 5_000;

/**
 * Makes a scenario that breaks `property` smaller, as long as it still breaks it and the honest node does not: fewer faults, nodes and steps, simpler
 * faults, smaller numbers. `options` say how the run is made (variant, exhibit, seed).
 *
 * @example
 * const { data, isMinimal } = minimize(failing, { exhibit: 'no-wal' }, 'no-equivocation');
 * // run data with { exhibit: 'no-wal' }: it breaks no-equivocation
 */
export function minimize(scenario: AnyScenario, options: RunOptions, property: string): Minimized {
  const data = scenarioOf(scenario);
  const failing = runScenario(data, options);
  let { steps } = failing.world;
  // What leaves the bound, or breaks the honest node too, is another failure and no smaller one.
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
  // One kind of steps after the other, round and round, until none of them makes it smaller.
  for (let at = 0, idle = 0; idle < reductions.length; at = (at + 1) % reductions.length) {
    const shrunk = shrink(smallest, reductions[at] as (typeof reductions)[number], breaks, maxTries - tries);
    tries += shrunk.tries;
    idle = shrunk.smallest === smallest ? idle + 1 : 1;
    smallest = shrunk.smallest;
    if (!shrunk.isMinimal) return { data: smallest, tries, isMinimal: false };
  }
  return { data: smallest, tries, isMinimal: true };
}

/** When two runs differ, each is broken by `determinism`. */
export function isBroken(run: Run, property: string): boolean {
  if (property === 'determinism') return run.again().hash !== run.hash;
  return run.properties.some(({ name, verdict }) => name === property && verdict === 'violated');
}

/** Undefined for what is no scenario any more. */
function runLegal(data: ScenarioData, options: RunOptions): Run | undefined {
  try {
    return runScenario(data, options);
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}

/** Whether safety is owed: less than a third of the power was faulty, or nobody where the protocol survives deaths only. */
export function isWithinBound({ data, world }: Pick<Run, 'data' | 'world'>): boolean {
  const faulty = castOf(data).filter((name) => world.observer.isFaulty(name));
  if (protocolNamed(data.protocol).tolerates !== 'byzantine') return faulty.length === 0;
  return setsOf(data).every(({ powers }) => {
    const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + (powers.get(name) ?? 0), 0);
    return 3 * sum(faulty) < sum(powers.keys());
  });
}
