/** A scenario under a drawn fault plan: its cast and environment stay, its scripts and own faults give way to the nemesis. */

import type { RoleName } from '../actors/byzantine/index.ts';
import { roleNames } from '../actors/byzantine/index.ts';
import { drawPlan } from '../checker/index.ts';
import { castOf, type ScenarioData } from './model.ts';
import { protocolNamed } from './protocols.ts';

/** The plan is a pure function of cast and seed; the run is seeded alike. */
export function fuzzCase(data: ScenarioData, seed: number): ScenarioData {
  const { attest, onCorrupt, faults, byzantine, safetyMs } = drawPlan(
    { powers: leastPowers(data), roles: roleNames, tolerates: protocolNamed(data.protocol).tolerates },
    seed,
  );
  const { until: _until, ...environment } = data;
  return {
    ...environment,
    seed,
    proposers: {},
    scripts: {},
    variants: [],
    decides: [],
    mustReach: [],
    faults,
    byzantine: byzantine as Readonly<Record<string, RoleName>>,
    attest,
    onCorrupt,
    safetyMs,
  };
}

function leastPowers(data: ScenarioData): ReadonlyMap<string, number> {
  const sets = [data.validators, ...data.validatorSets.map(({ powers }) => powers)];
  return new Map(castOf(data).map((name) => [name, Math.max(...sets.map((powers) => powers[name] ?? 0))]));
}
