/**
 * The entry point `lazurite/scenarios` as it was before `lazurite/campaigns` existed. It is kept until 1.0. Use `lazurite/campaigns` for everything that is not a
 * part of the scenario language.
 */
export { type CrashpointCase, type CrashpointChoice, crashpointCases } from '../campaigns/crash-points/cases.ts';
export { pointCase } from '../campaigns/crash-points/point-case.ts';
export { drawnCase, type FuzzMode, fuzzCase } from '../campaigns/fuzzing/drawn-cases.ts';
export { randomKills } from '../campaigns/fuzzing/random-kills.ts';
export { type Failure, failedCase, failureOf, namedCase, nameOf, runFailure } from '../campaigns/replay/named-run.ts';
export { isBroken, minimize } from '../campaigns/shrinking/minimize.ts';
export { sizeOf } from '../campaigns/shrinking/reductions.ts';
export { buildWorld as stage } from '../scenarios/build-world.ts';
export * from '../scenarios/index.ts';
