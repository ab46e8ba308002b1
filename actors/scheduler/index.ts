/**
 * The scheduler: mailboxes, virtual time, crash points, deaths, forks, the run hash and the trace.
 *
 * In: nodes as names that own actors, a disk and a life. Stays out: what a node does, what travels, why somebody should die.
 */
export { type ChoiceRecord, type ChoiceSource, recorded, recording, seeded } from '../../core/choice.ts';
export { type ArmedDeath, isSamePoint, type ParsedPoint, parsePoint, pointText } from './crash-point.ts';
export { type DiskTiming, defaultTiming } from './disk-effects.ts';
export type { ControlAction, Entry } from './event-heap.ts';
export { type Memories, relevantMemory } from './monitors.ts';
export type { Listener } from './recorder.ts';
export { followSchedule, type Schedule, scheduleRestartMs } from './schedule.ts';
export type { ActorSpec, BootMessage, Keeps, NodeSpec, RunEnd, TimerMessage } from './spec.ts';
export type { Trace } from './trace.ts';
export { type Director, newWorld, type PointHook, type RunLimits, World, type WorldParts } from './world.ts';
