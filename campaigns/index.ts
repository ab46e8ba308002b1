/**
 * Campaigns run one scenario many times. They try every crash point, search schedules, and draw faults from many seeds. They also shrink a failing run, and
 * repeat one by its token.
 *
 * A campaign is a function from a scenario and options to a report. Files, worker threads and printing are in apps/cli.
 *
 * @example
 * import { scenario } from 'lazurite';
 * import { crashpoints, replay } from 'lazurite/campaigns';
 *
 * const three = scenario('three', { A: 1, B: 1, C: 1 });
 * const { failures } = crashpoints(three, { nodes: ['B'], heights: '1', sites: ['publish'], exhibit: 'no-fsync' });
 * for (const { property, token } of failures) console.log(property, replay({ scenario: three, token }).verdict);
 * // prints replay-equivalence violated
 * // prints crash-is-pause violated
 * // prints no-equivocation violated
 */

export { type CrashpointCase, type CrashpointChoice, crashpointCases } from './crash-points/cases.ts';
export { type CrashpointsReport, crashpoints, crashpointsReport, type NumberedPoint } from './crash-points/crashpoints.ts';
export { enumerateCrashpoints } from './crash-points/enumerate.ts';
export type { CrashpointFailure } from './crash-points/failures.ts';
export { type CrashpointsOptions, crashpointsPlan } from './crash-points/from-scenario.ts';
export type { Cell, CrashpointsPlan, CrashpointsResult, NamedPoint, WalkPart, WithoutDeath } from './crash-points/plan.ts';
export { pointCase } from './crash-points/point-case.ts';
export { listCrashpoints } from './crash-points/walk.ts';
export {
  type ExploreChoice,
  type ExploredVictim,
  type ExploreReport,
  explorationFailures,
  explore,
  exploreDefaults,
  exploreVictim,
  type Sampling,
} from './exploration/explore.ts';
export { type ExploreOptions, explorePlan, scheduleCase } from './exploration/from-scenario.ts';
export type { ExplorePlan, ExploreResult, ExploreViolation } from './exploration/plan.ts';
export { drawSchedules, type SamplePlan } from './exploration/random-schedules.ts';
export { searchSchedules } from './exploration/search.ts';
export { drawnCase, type FuzzMode, fuzzCase } from './fuzzing/drawn-cases.ts';
export { type DrawnPlan, drawPlan, type FaultBudget } from './fuzzing/fault-plan-generator.ts';
export {
  drawnRuns,
  type FuzzCounts,
  type FuzzFailure,
  type FuzzFinding,
  type FuzzOptions,
  type FuzzReport,
  findingsIn,
  fuzz,
  fuzzSeeds,
  mergeFuzz,
  nothingRun,
  type ShrunkFailure,
} from './fuzzing/fuzz.ts';
export { pairsNamed, pairsOf } from './fuzzing/pairs.ts';
export { randomKills } from './fuzzing/random-kills.ts';
export { chanceOfNew, corpusOf, type PairCounts } from './fuzzing/steering.ts';
export { MergeKeys, type MergeOptions, WrongMergeError } from './merge-keys.ts';
export { type Failure, failedCase, failureOf, namedCase, nameOf, runFailure } from './replay/named-run.ts';
export { type Replayable, replay } from './replay/replay.ts';
export type { AnyScenario } from './scenario-of.ts';
export { isBroken, minimize } from './shrinking/minimize.ts';
export { sizeOf } from './shrinking/reductions.ts';
export { type Shrunk, shrink } from './shrinking/shrink.ts';
export { type FailureGroup, failureGroups } from './work/failure-groups.ts';
export {
  type CampaignPlan,
  type CampaignTotals,
  isUnitOf,
  planOf,
  totalsOf,
  unitSeeds,
  unitsOf,
  type WorkUnit,
} from './work/unit.ts';
