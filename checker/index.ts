/**
 * The checker: judging a run from outside, enumerating crash points, drawing fault plans, and shrinking what fails.
 *
 * In: worlds with their monitors, fault plans as data. Stays out: protocols, and all code that it judges.
 */
export { enumerateCrashpoints, listCrashpoints } from './crashpoints.ts';
export type { Cell, CrashpointsPlan, CrashpointsResult, NamedPoint, WalkPart } from './crashpoints-plan.ts';
export { type ExplorePlan, type ExploreResult, type ExploreViolation, explore } from './explore.ts';
export { type Cast, type DrawnPlan, drawPlan } from './nemesis.ts';
export {
  type AnyLog,
  type CrashImagePlan,
  everyCrashImage,
  type LogFinding,
  type OpenLog,
  type RecoverResult,
  type RenamingStorage,
  recoverFrom,
} from './recover-from.ts';
export { type SamplePlan, sample } from './sample.ts';
export { followSchedule, type Schedule, scheduleRestartMs } from './schedule.ts';
export { type Shrunk, shrink } from './shrink.ts';
