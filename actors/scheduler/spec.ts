/**
 * What a node is to the scheduler: a name that owns actors.
 */

import type { Message, Step } from '../../core/effects.ts';
import type { Position } from '../../core/events.ts';

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
  /** Other actors of the same names, in the same order, from this life on: the node as it is after a change while it was down. */
  readonly later?: { readonly fromLife: number; readonly actors: readonly ActorSpec[] };
  /**
   * Names crash points; `states` in the order of `actors`. Undefined while a boot has not yet found its height: the last known one holds.
   */
  position(states: readonly unknown[]): Position | undefined;
  /** Sites at which a sync is acknowledged without being carried out (a fault, not a feature). */
  readonly pretendedSyncs?: ReadonlySet<string>;
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

/** What is kept of a run: its events, which take memory; its hash alone; or nothing, where a search only judges. */
export type Keeps = 'events' | 'hash' | 'nothing';

/** What a fingerprint leaves out: the bytes of some files of one node, or its whole disk; what the monitors remember. */
export interface LeftOut {
  readonly node?: string;
  readonly files?: ReadonlySet<string> | 'all';
  readonly monitors?: 'all';
}
