/**
 * One unit of a long campaign: some seeds of one scenario, named by all that its result depends on. Pure: run twice, anywhere, it gives the same result. So results
 * of several machines can be put together, and a unit that was done twice counts once.
 */
import { digestOf } from '../../core/digest.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { scenarioHash } from '../../scenarios/token.ts';
import type { FuzzMode } from '../fuzzing/drawn-cases.ts';
import { type FuzzCounts, mergeFuzz, nothingRun } from '../fuzzing/fuzz.ts';

/** What a campaign is: equal plans have equal units and equal results. */
export interface CampaignPlan {
  /** The version of the package: another one may draw other faults from a seed. */
  readonly version: string;
  /** The hash of the scenario's data. */
  readonly scenario: string;
  readonly kind: FuzzMode;
  readonly exhibit: string | null;
  readonly first: number;
  readonly runs: number;
  /** Seeds of one unit; ten where it is not there. */
  readonly unit?: number;
}

/** The seeds [from, from + count). */
export interface WorkUnit {
  readonly from: number;
  readonly count: number;
}

/** Small enough that a lost one costs little. */
export const unitSeeds = 10;

/** The plan of a campaign over this scenario, which it names by its hash. */
export function planOf(
  data: ScenarioData,
  { version, kind, exhibit, first, runs, unit = unitSeeds }: Omit<CampaignPlan, 'scenario'>,
): CampaignPlan {
  const size = unit === unitSeeds ? {} : { unit };
  return { version, scenario: scenarioHash(data), kind, exhibit, first, runs, ...size };
}

/** In order; with a shard, each `of`-th of them. */
export function unitsOf(
  { first, runs, unit = unitSeeds }: CampaignPlan,
  shard: { readonly index: number; readonly of: number } = { index: 1, of: 1 },
): readonly WorkUnit[] {
  const units: WorkUnit[] = [];
  for (let from = first; from < first + runs; from += unit) units.push({ from, count: Math.min(unit, first + runs - from) });
  return units.filter((_unit, index) => index % shard.of === shard.index - 1);
}

/** Whether it is one of the units of the plan. */
export function isUnitOf({ first, runs, unit = unitSeeds }: CampaignPlan, { from, count }: WorkUnit): boolean {
  const isThere = from >= first && from < first + runs && (from - first) % unit === 0;
  return isThere && count === Math.min(unit, first + runs - from);
}

export interface CampaignTotals {
  readonly counts: FuzzCounts;
  /** Units whose results are there, and those that are still to be done. */
  readonly done: number;
  readonly missing: readonly WorkUnit[];
  /** Of plan and results, whatever machine did which unit, and when. */
  readonly digest: string;
}

/** Results by the first seed of their unit. */
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

/** Without the order of its fields, which what was written and read again need not keep. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}
