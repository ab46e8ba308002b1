/**
 * The units of work of a long fuzz campaign. A unit is a range of seeds of one plan, and its result is the same on every machine. So the results of several
 * machines can be combined, and a unit that was done twice counts once.
 */
import { digestOf } from '../../core/digest.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { scenarioHash } from '../../scenarios/token.ts';
import type { FuzzMode } from '../fuzzing/drawn-cases.ts';
import { type FuzzCounts, mergeFuzz, nothingRun } from '../fuzzing/fuzz.ts';

/** Everything on which the results of a campaign depend. Equal plans have equal units and equal results. */
export interface CampaignPlan {
  /** The version of the package: another one may draw other faults from a seed. */
  readonly version: string;
  /** The hash of the scenario's data. */
  readonly scenario: string;
  readonly kind: FuzzMode;
  readonly exhibit: string | null;
  /** The first seed, and the number of seeds. */
  readonly first: number;
  readonly runs: number;
  /** The number of seeds in one unit (default: ten). */
  readonly unit?: number;
}

/** The seeds [from, from + count). */
export interface WorkUnit {
  readonly from: number;
  readonly count: number;
}

/** The default size of a unit, in seeds. It is small, so that a lost unit costs little. */
export const unitSeeds = 10;

/** The plan of a campaign over this scenario. It names the scenario by its hash. */
export function planOf(
  data: ScenarioData,
  { version, kind, exhibit, first, runs, unit = unitSeeds }: Omit<CampaignPlan, 'scenario'>,
): CampaignPlan {
  const size = unit === unitSeeds ? {} : { unit };
  return { version, scenario: scenarioHash(data), kind, exhibit, first, runs, ...size };
}

/** The units of a plan, in order. A shard has every `of`-th unit. */
export function unitsOf(
  { first, runs, unit = unitSeeds }: CampaignPlan,
  shard: { readonly index: number; readonly of: number } = { index: 1, of: 1 },
): readonly WorkUnit[] {
  const units: WorkUnit[] = [];
  for (let from = first; from < first + runs; from += unit) units.push({ from, count: Math.min(unit, first + runs - from) });
  return units.filter((_unit, index) => index % shard.of === shard.index - 1);
}

/** Whether this is a unit of the plan. */
export function isUnitOf({ first, runs, unit = unitSeeds }: CampaignPlan, { from, count }: WorkUnit): boolean {
  const isThere = from >= first && from < first + runs && (from - first) % unit === 0;
  return isThere && count === Math.min(unit, first + runs - from);
}

export interface CampaignTotals {
  readonly counts: FuzzCounts;
  /** The number of units with a result, and the units without one. */
  readonly done: number;
  readonly missing: readonly WorkUnit[];
  /** The digest of the plan and its results. It does not depend on which machine did which unit, or when. */
  readonly digest: string;
}

/** Combines the results of a campaign. `results` has the result of each unit by the unit's first seed. */
export function totalsOf(plan: CampaignPlan, results: ReadonlyMap<number, FuzzCounts>): CampaignTotals {
  const units = unitsOf(plan);
  const there = units.filter(({ from }) => results.has(from));
  const ordered = there.map(({ from }) => results.get(from) as FuzzCounts);
  return {
    counts: ordered.reduce(mergeFuzz, nothingRun),
    done: there.length,
    missing: units.filter(({ from }) => !results.has(from)),
    digest: (digestOf([plan, there.map(({ from }, index) => [from, sorted(ordered[index])])]) >>> 0)
      .toString(16)
      .toUpperCase()
      .padStart(8, '0'),
  };
}

/** The value with sorted fields: a result that was written to a file and read again may have another order of fields. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}
