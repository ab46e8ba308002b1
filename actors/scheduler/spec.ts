/**
 * What a world is made of, as its builder gives it: nodes as names that own actors, their disks, the network, who judges and who
 * directs; and how long it runs.
 */
import type { Network } from '../../network-sim/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { ChoiceSource } from '../choice.ts';
import type { Effect, Message, Step } from '../effects.ts';
import type { Monitor, Phase, PointName, Position, RunEvent } from '../record.ts';
import type { DiskTiming } from './disk-effects.ts';
import type { ControlAction } from './queue.ts';
import type { World } from './world.ts';

export interface ActorSpec {
  readonly name: string;
  /** The state with which a life begins. */
  start(life: number): unknown;
  receive(state: never, message: never, from: string): Step<unknown>;
}

/** A node, as far as the scheduler knows one: a name that owns actors. The first actor is told `{ type: 'boot', life }`. */
export interface NodeSpec {
  readonly name: string;
  readonly actors: readonly ActorSpec[];
  /** Names crash points; `states` in the order of `actors`. Undefined while a boot has not yet found its height: the last known one stands. */
  position(states: readonly unknown[]): Position | undefined;
  /** Sites at which a sync is acknowledged without being carried out (a fault, not a feature). */
  readonly pretendedSyncs?: ReadonlySet<string>;
}

/** Acts on a world between steps: scripts, triggers, a nemesis. Forks with the world. */
export interface Director {
  observe(event: RunEvent, world: World): void;
  /** Called between steps; does what has become due. */
  act(world: World): void;
  control(action: ControlAction, world: World): void;
  fork(): Director;
  /** `now` in microseconds: times count relative to it. */
  digest(now: number): number;
}

export interface WorldParts {
  readonly specs: readonly NodeSpec[];
  readonly disks: readonly SimulatedDisk[];
  readonly network: Network;
  readonly choices: ChoiceSource;
  readonly timing: DiskTiming;
  readonly monitors: readonly Monitor[];
  readonly director?: Director;
  /** Of the run: its events, which take memory; its hash alone; or nothing, where a search only judges. */
  readonly keeps: 'events' | 'hash' | 'nothing';
}

export interface BootMessage extends Message {
  readonly type: 'boot';
  readonly life: number;
}

export interface TimerMessage extends Message {
  readonly type: 'timer';
  readonly timer: string;
}

/** `instant`: virtual time has stopped, as ever more is delivered at one instant. */
export type RunEnd = 'reached' | 'idle' | 'time' | 'steps' | 'instant';

export interface RunLimits {
  /** Stops when it holds; asked after each step. */
  readonly until?: (world: World) => boolean;
  /** Microseconds of virtual time, counted from the start of the run. */
  readonly time?: number;
  /** Deliveries from now. */
  readonly steps?: number;
}

/** Sees each crash point as it is reached; may fork the world and kill in the fork. */
export type PointHook = (point: PointName, phase: Phase, effect: Effect, world: World) => void;

/** What a fingerprint leaves out: the bytes of some files of one node, or its whole disk; what the monitors remember. */
export interface LeftOut {
  readonly node?: string;
  readonly files?: ReadonlySet<string> | 'all';
  readonly monitors?: 'all';
}
