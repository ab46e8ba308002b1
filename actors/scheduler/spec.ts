/** What the scheduler knows of a node: its name, its actors, and the position that names its crash points. */

import type { Message, Step } from '../../core/effects.ts';
import type { Position } from '../../core/events.ts';

export interface ActorSpec {
  readonly name: string;
  /** The state with which a life begins. */
  start(life: number): unknown;
  receive(state: never, message: never, from: string): Step<unknown>;
}

/** A node and its actors. Each life begins with the message `{ type: 'boot', life }` to the first actor. */
export interface NodeSpec {
  readonly name: string;
  readonly actors: readonly ActorSpec[];
  /** Actors that replace the first ones from life `fromLife` on: the node was changed while it was down. Names and order are the same. */
  readonly later?: { readonly fromLife: number; readonly actors: readonly ActorSpec[] };
  /**
   * The height and round in the names of crash points. `states` are in the order of `actors`. Undefined while a boot has not found its
   * height yet; then the last known position is used.
   */
  position(states: readonly unknown[]): Position | undefined;
  /** The sites at which the disk acknowledges a sync and does not execute it. This models a fault. */
  readonly pretendedSyncs?: ReadonlySet<string>;
  /**
   * By how much the wall clock of the node's machine differs from virtual time in a life (ms). The host gets the clock with each question. Without this function it
   * gets none.
   */
  wallClock?(life: number): number;
}

export interface BootMessage extends Message {
  readonly type: 'boot';
  readonly life: number;
}

export interface TimerMessage extends Message {
  readonly type: 'timer';
  readonly timer: string;
}

/** Why a run ended. `instant`: virtual time no longer advances, because each delivery leads to another at the same instant. */
export type RunEnd = 'reached' | 'idle' | 'time' | 'steps' | 'instant';

/** What is kept of a run: its events (they take memory), its hash alone, or nothing (for a search that only judges). */
export type Keeps = 'events' | 'hash' | 'nothing';

/** What a fingerprint omits: the bytes of some files of these nodes (`all`: their whole disks), or the memories of the monitors. */
export interface LeftOut {
  readonly nodes?: readonly string[];
  readonly files?: ReadonlySet<string> | 'all';
  readonly monitors?: 'all';
}
