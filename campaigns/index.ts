/**
 * Campaigns: many runs of one scenario. Every crash point, every schedule, many seeds, the smallest failure, and a failure run again.
 *
 * In: scenarios. Stays out: files, worker threads, and what is printed.
 */
export { type CrashpointCase, type CrashpointChoice, crashpointCases } from './crash-points/cases.ts';
export { enumerateCrashpoints, listCrashpoints } from './crash-points/enumerate.ts';
export { pointCase } from './crash-points/from-scenario.ts';
export type { Cell, CrashpointsPlan, CrashpointsResult, NamedPoint, WalkPart } from './crash-points/plan.ts';
export { type SamplePlan, sample } from './exploration/random-schedules.ts';
export { type ExplorePlan, type ExploreResult, type ExploreViolation, explore } from './exploration/search.ts';
export { drawnCase, type FuzzMode, fuzzCase } from './fuzzing/drawn-cases.ts';
export { type DrawnPlan, drawPlan, type FaultBudget } from './fuzzing/fault-plan-generator.ts';
export { randomKills } from './fuzzing/random-kills.ts';
export { type Failure, failedCase, failureOf, namedCase, nameOf, runFailure } from './replay/named-run.ts';
export { isBroken, minimize } from './shrinking/minimize.ts';
export { sizeOf } from './shrinking/reductions.ts';
export { type Shrunk, shrink } from './shrinking/shrink.ts';
