/**
 * The scheduler: mailboxes, virtual time, crash points, deaths, forks, the run hash and the trace.
 *
 * It knows nodes by name, each with its actors and its disk. It does not know what actors do, what messages contain, or why a node dies.
 *
 * @example
 * import { defaultLink, Network } from '../../network-sim/index.ts';
 * import { SimulatedDisk } from '../../wal/storage/index.ts';
 * import { type ActorSpec, defaultTiming, newWorld, seeded } from './index.ts';
 *
 * // One node with one actor, which sets a timer when it boots.
 * const actor: ActorSpec = {
 *   name: 'main',
 *   start: () => 'new',
 *   receive: (_state: string, { type }: { readonly type: string }) =>
 *     type === 'boot'
 *       ? { state: 'waiting', effects: [{ type: 'timer.set', site: 'timer.set', timer: 'alarm', delay: 50 }] }
 *       : { state: 'done', effects: [] },
 * };
 * const world = newWorld({
 *   specs: [{ name: 'A', actors: [actor], position: () => ({ height: 1, round: 0 }) }],
 *   disks: [new SimulatedDisk()],
 *   network: new Network({ link: defaultLink, links: {} }),
 *   choices: seeded(1),
 *   timing: defaultTiming,
 *   monitors: [],
 *   keeps: 'events',
 * });
 * world.start('A');
 * world.run({ until: (now) => now.state('A', 'main') === 'done' });
 * console.log(world.now, 'microseconds');
 * // prints 50000 microseconds
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
