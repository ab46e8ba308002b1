/**
 * What goes through a queue, and how it is read. A queue may hold anything that somebody put there, so all of it is data with a checked shape: nothing in it
 * is executed, and no name in it is a path.
 */
import { z } from 'zod';
import { type CampaignPlan, type FuzzCounts, isUnitOf, unitsOf, type WorkUnit } from '../../campaigns/index.ts';
import { exhibits } from '../../museum/index.ts';
import { parseToken, type ScenarioData, ScenarioError, scenarioHash } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

/** One unit of work: all that its result depends on. */
export type QueuedUnit = Omit<CampaignPlan, 'first' | 'runs' | 'unit'> & WorkUnit;

export interface QueuedCampaign {
  readonly plan: CampaignPlan;
  readonly data: ScenarioData;
}

/** Each unit has an entry in memory. */
const mostRuns = 10_000_000;
const count = z.int().min(0);
const seed = z.int().min(0).max(0xffff_ffff);
const ofUnit = {
  version: z.string().max(100),
  scenario: z.string().regex(/^[0-9A-F]{8}$/),
  kind: z.enum(['fuzz', 'around', 'environments']),
  exhibit: z.string().max(100).nullable(),
};
const planShape = z.strictObject({
  ...ofUnit,
  first: seed,
  runs: count.max(mostRuns),
  unit: z.int().min(1).max(mostRuns).exactOptional(),
});
const unitShape = z.strictObject({ ...ofUnit, from: seed, count });
const campaignShape = z.strictObject({ plan: planShape, scenario: z.string().max(256 * 1024) });

const text = z.string().max(100_000);
const tally = z.record(z.string().max(200), count);
const pairs = z.record(z.string().max(200), z.strictObject({ runs: count, seed }));
const countsShape = z.strictObject({
  runs: count,
  deaths: count,
  heights: count,
  marks: tally,
  kinds: tally,
  faults: count,
  idleFaults: count,
  environments: tally,
  failures: z.array(
    z.strictObject({
      seed,
      parent: seed.exactOptional(),
      properties: z.array(z.strictObject({ name: text, message: text })),
      hash: text,
    }),
  ),
  undecided: z.array(text),
  reasons: z.record(text, count),
  owing: count,
  tenHeights: count,
  pairs,
  steered: count,
  steeredPairs: pairs,
  exhibitActed: z.boolean(),
});

/** The campaign as text. Throws `ScenarioError` for a scenario that is more than data. */
export function writtenCampaign({ plan, data }: QueuedCampaign): string {
  refuseForeign(plan.exhibit);
  const scenario = formatScenario(data);
  if (scenarioHash(parseScenario(scenario, data.name)) !== plan.scenario)
    throw new ScenarioError(`scenario '${data.name}': written as YAML it is another one, so it cannot go through a queue`);
  return JSON.stringify({ plan, scenario });
}

/** Throws `ScenarioError` if the data is not a campaign, or if its scenario does not have the hash that its plan names. */
export function readCampaign(written: string, name: string): QueuedCampaign {
  const { plan, scenario } = checked(campaignShape, parsed(written, name), name);
  refuseForeign(plan.exhibit);
  const data = parseScenario(scenario, `${name}: scenario`);
  if (scenarioHash(data) !== plan.scenario)
    throw new ScenarioError(`${name}: its scenario is not the one that its plan names, so it was changed`);
  return { plan, data };
}

/** The units of a plan, each complete in itself. */
export function queuedUnits(plan: CampaignPlan): readonly QueuedUnit[] {
  const { version, scenario, kind, exhibit } = plan;
  return unitsOf(plan).map((unit) => ({ version, scenario, kind, exhibit, ...unit }));
}

/** Throws `ScenarioError` for one that is not of this plan. */
export function readUnit(value: unknown, plan: CampaignPlan): WorkUnit {
  const { from, count: seeds, version, scenario, kind, exhibit } = checked(unitShape, value, 'the unit');
  const isOfPlan = version === plan.version && scenario === plan.scenario && kind === plan.kind && exhibit === plan.exhibit;
  if (!isOfPlan || !isUnitOf(plan, { from, count: seeds }))
    throw new ScenarioError(`the unit from seed ${from} is none of this campaign`);
  return { from, count: seeds };
}

/** Throws `ScenarioError` for what is no result of this unit. */
export function readResult(value: unknown, { from, count: seeds }: WorkUnit): FuzzCounts {
  const counts = checked(countsShape, value, `the result of the unit from seed ${from}`);
  const isOfUnit = [
    ...counts.undecided.map(seedIn),
    ...counts.failures.map((failure) => failure.seed),
    ...Object.values(counts.pairs).map((pair) => pair.seed),
  ].every((one) => one >= from && one < from + seeds);
  if (counts.runs !== seeds || !isOfUnit)
    throw new ScenarioError(`the result of the unit from seed ${from} is one of other seeds`);
  return counts;
}

/** The seed of a token; -1, which no unit has, for what is no token. */
function seedIn(token: string): number {
  const name = parseToken(token);
  return name === undefined || name === 'wrong' ? -1 : name.seed;
}

/** A broken node is known by its name alone: a path would name code. */
function refuseForeign(exhibit: string | null): void {
  if (exhibit !== null && !exhibits.some(({ name }) => name === exhibit))
    throw new ScenarioError(`'${exhibit}' is no exhibit of the museum; a broken node of your own does not go through a queue`);
}

function parsed(written: string, name: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new ScenarioError(`${name}: this is no campaign; another program may use the same server`);
  }
}

function checked<Shape extends z.ZodType>(shape: Shape, value: unknown, name: string): z.infer<Shape> {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  const [first] = error.issues;
  throw new ScenarioError(`${name} has another shape than expected: ${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`);
}
