/** A scenario under a drawn fault plan. */

import type { RoleName } from '../../actors/byzantine/index.ts';
import { roleNames } from '../../actors/byzantine/index.ts';
import { own } from '../../core/own.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';
import { drawPlan } from './fault-plan-generator.ts';

/**
 * Nodes and environment stay; drawn faults replace the scripts and the scenario's own faults. The plan is a pure function of cast and seed; the run is seeded
 * alike.
 */
export function fuzzCase(data: ScenarioData, seed: number): ScenarioData {
  const { attest, onCorrupt, lostSectors, faults, byzantine, safetyMs } = drawPlan(
    { powers: leastPowers(data), roles: roleNames, tolerates: protocolNamed(data.protocol).tolerates },
    seed,
  );
  return {
    ...bare(data, seed),
    scripts: {},
    faults,
    isDrawn: true,
    byzantine: byzantine as Readonly<Record<string, RoleName>>,
    attest,
    onCorrupt,
    ...(lostSectors === undefined ? {} : { lostSectors }),
    safetyMs,
  };
}

/** Milliseconds: a plot needs its time. */
const plotMs = 2000;

/**
 * The scenario's own faults and scripts stay, and drawn ones that every node survives come on top: a plot that chance would not find, told
 * with many accidents.
 */
function aroundCase(data: ScenarioData, seed: number): ScenarioData {
  const { tolerates } = protocolNamed(data.protocol);
  const { faults } = drawPlan({ powers: leastPowers(data), roles: [], tolerates, safetyMs: plotMs, isSpent: true }, seed);
  return { ...bare(data, seed), proposers: data.proposers, faults: [...data.faults, ...faults], isDrawn: true, safetyMs: plotMs };
}

/** How fault plans are drawn for a scenario: in place of its own faults (`fuzz`), or on top of them (`around`). */
export type FuzzMode = 'fuzz' | 'around';

export const drawnCase: Readonly<Record<FuzzMode, (data: ScenarioData, seed: number) => ScenarioData>> = {
  fuzz: fuzzCase,
  around: aroundCase,
};

function bare(
  { until: _until, schedule: _schedule, absences: _absences, ...environment }: ScenarioData,
  seed: number,
): ScenarioData {
  return { ...environment, seed, proposers: {}, variants: [], decides: [], about: [], mustReach: [] };
}

function leastPowers(data: ScenarioData): ReadonlyMap<string, number> {
  const sets = [data.validators, ...data.validatorSets.map(({ powers }) => powers)];
  return new Map(castOf(data).map((name) => [name, Math.max(...sets.map((powers) => own(powers, name) ?? 0))]));
}
