/**
 * Lazurite: simulated consensus nodes which write ahead, are killed at every point that matters, restart from their logs alone, and are
 * judged.
 */
export type { CrashImage, DeathKind, Phase, VerdictName } from './actors/record.ts';
export * from './scenarios/index.ts';
