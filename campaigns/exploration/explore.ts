/** The campaign of schedules as one call: it follows every schedule with few departures from first in, first out, and in each every death of a victim. */
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { runScenario } from '../../scenarios/runner.ts';
import { changesARun, plainSchedules } from '../exhibit-effect.ts';
import { type Failure, failureOf } from '../replay/named-run.ts';
import { type AnyScenario, scenarioOf } from '../scenario-of.ts';
import { type ExploreOptions, explorePlan, scheduleCase } from './from-scenario.ts';
import type { ExploreResult } from './plan.ts';
import { drawSchedules, type SamplePlan } from './random-schedules.ts';
import { searchSchedules } from './search.ts';

/** How schedules are drawn, if not all are searched. */
export type Sampling = Pick<SamplePlan, 'strategy' | 'depth' | 'runs' | 'seed'>;

export interface ExploreChoice extends Partial<Omit<ExploreOptions, 'victim'>> {
  /** The victims (default: every node in turn). */
  readonly nodes?: readonly string[];
  /** Draws random schedules (default: searches all). */
  readonly sampling?: Sampling;
}

export interface ExploredVictim {
  readonly victim: string;
  readonly result: ExploreResult;
  /** Each violation of `result` as a separate failing scenario, in the same order. */
  readonly failures: readonly Failure[];
}

export interface ExploreReport {
  readonly victims: readonly ExploredVictim[];
  /** Whether every schedule and death within the bounds was followed. It is false for drawn schedules. */
  readonly isExhausted: boolean;
  /** The requested broken node, if it changed no plain schedule. The campaign has then shown nothing about it, and is undecided. */
  readonly idleExhibit?: string;
}

/** The default bounds. */
export const exploreDefaults = {
  heights: 1,
  rounds: 1,
  deaths: 1,
  deviations: 2,
  merge: true,
  maxStates: 10_000_000,
} as const;

/**
 * Follows every order of messages with at most `deviations` departures from first in, first out (default 2). An order ends when every node
 * has decided `heights` heights (default 1), or needs a round after `rounds` (default 1). In each order, each victim dies at every crash
 * point, `deaths` times (default 1). The wire takes no time; scripts and faults of the scenario are ignored. Throws `ScenarioError` for an
 * unknown node or exhibit.
 *
 * @example
 * import { scenario } from 'lazurite';
 * import { explore } from 'lazurite/campaigns';
 *
 * const { isExhausted, victims } = explore(scenario('three', { A: 1, B: 1, C: 1 }), { nodes: ['B'], deviations: 0 });
 * console.log(isExhausted, victims.flatMap(({ result }) => result.violations));
 * // prints true []
 */
export function explore(scenario: AnyScenario, { nodes, sampling, ...bounds }: ExploreChoice = {}): ExploreReport {
  const data = scenarioOf(scenario);
  const optionsFor = (victim: string): ExploreOptions => ({ ...exploreDefaults, ...bounds, victim });
  const victims = (nodes ?? castOf(data)).map((victim): ExploredVictim => {
    const options = optionsFor(victim);
    const result = exploreVictim(data, options, sampling);
    return { victim, result, failures: explorationFailures(data, options, result) };
  });
  const isExhausted = victims.every(({ result }) => result.isExhausted);
  const { exhibit } = bounds;
  const isIdle =
    exhibit !== undefined &&
    victims.every(({ result }) => result.violations.length === 0) &&
    !victims.some(({ victim }) => changesARun(plainSchedules(data, optionsFor(victim)), exhibit));
  return { victims, isExhausted, ...(isIdle ? { idleExhibit: exhibit } : {}) };
}

/** Explores the schedules with deaths of one victim, for work that is divided among workers. */
export function exploreVictim(data: ScenarioData, options: ExploreOptions, sampling?: Sampling): ExploreResult {
  const plan = explorePlan(data, options);
  return sampling === undefined ? searchSchedules(plan) : drawSchedules({ ...plan, ...sampling });
}

/** Turns each violation into a failure that can be kept and run again. */
export function explorationFailures(
  script: ScenarioData,
  options: ExploreOptions,
  { violations }: ExploreResult,
): readonly Failure[] {
  const how = options.exhibit === undefined ? {} : { exhibit: options.exhibit };
  return violations.map((violation) => {
    const data = scheduleCase(script, options, violation);
    return failureOf(data, how, runScenario(data, how), violation.property);
  });
}
