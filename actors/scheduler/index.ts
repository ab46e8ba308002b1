/**
 * The scheduler: mailboxes, virtual time, crash points, deaths, forks, the run hash and the trace.
 *
 * In: nodes as names that own actors, a disk and a life. Stays out: what a node does, what travels, why somebody should die.
 */
export { type ChoiceRecord, type ChoiceSource, recorded, recording, seeded } from '../choice.ts';
export { type ArmedDeath, isSamePoint, type ParsedPoint, parsePoint, pointText } from './crash-point.ts';
export { type DiskTiming, defaultTiming } from './disk-effects.ts';
export type { ControlAction, Entry } from './queue.ts';
export type {
  ActorSpec,
  BootMessage,
  Director,
  NodeSpec,
  PointHook,
  RunEnd,
  RunLimits,
  TimerMessage,
  WorldParts,
} from './spec.ts';
export type { Trace } from './trace.ts';
export { World } from './world.ts';
