/**
 * The checker: judging a run from outside, and enumerating crash points.
 *
 * In: worlds with their monitors. Stays out: protocols, and all code that it judges.
 */
export { type Cell, type CrashpointsPlan, type CrashpointsResult, enumerateCrashpoints } from './crashpoints.ts';
