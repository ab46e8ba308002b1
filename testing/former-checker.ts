/**
 * `lazurite/checker` as it was before campaigns and the test library had doors of their own; kept until 1.0. What is here comes from
 * `lazurite/campaigns` and `lazurite/testing`.
 */
export { followSchedule, type Schedule, scheduleRestartMs } from '../actors/scheduler/schedule.ts';
export { enumerateCrashpoints } from '../campaigns/crash-points/enumerate.ts';
export type { Cell, CrashpointsPlan, CrashpointsResult, NamedPoint, WalkPart } from '../campaigns/crash-points/plan.ts';
export { listCrashpoints } from '../campaigns/crash-points/walk.ts';
export type { ExplorePlan, ExploreResult, ExploreViolation } from '../campaigns/exploration/plan.ts';
export { drawSchedules as sample, type SamplePlan } from '../campaigns/exploration/random-schedules.ts';
export { searchSchedules as explore } from '../campaigns/exploration/search.ts';
export { type DrawnPlan, drawPlan, type FaultBudget as Cast } from '../campaigns/fuzzing/fault-plan-generator.ts';
export { type Shrunk, shrink } from '../campaigns/shrinking/shrink.ts';
export {
  type AnyLog,
  type AsyncLog,
  type CrashImagePlan,
  everyCrashImage,
  type LogFinding,
  type OpenAsyncLog,
  type OpenLog,
  type RecoverResult,
  type RenamingStorage,
  recoverFrom,
} from './recover-from.ts';
