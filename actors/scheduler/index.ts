/**
 * The scheduler: mailboxes, virtual time, crash points, deaths, forks, the run hash and the trace.
 *
 * It knows nodes by name, each with its actors and its disk. It does not know what actors do, what messages contain, or why a node dies.
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
