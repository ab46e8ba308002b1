/** What the parts of a world share while it runs: time, nodes, queue, recorder, network. */

import type { ChoiceSource } from '../../core/choice.ts';
import type { Effect, StopCode } from '../../core/effects.ts';
import type { Phase, PointName, RunEvent } from '../../core/events.ts';
import type { Network } from '../../network-sim/index.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type { DiskTiming } from './disk-effects.ts';
import type { NodeDirectory } from './node-directory.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { Recorder } from './recorder.ts';

export interface RunContext {
  /** Microseconds of virtual time. */
  time: number;
  /** Messages delivered so far. */
  steps: number;
  readonly nodes: readonly NodeRuntime[];
  readonly directory: NodeDirectory;
  readonly deliveries: DeliveryQueue;
  readonly recorder: Recorder;
  readonly network: Network;
  readonly choices: ChoiceSource;
  readonly timing: DiskTiming;
  /** Records an event and shows it to all monitors; returns its number. */
  emit(event: RunEvent): number;
  /** A crash point is reached: lets an armed death strike. True when the node died here. */
  reached(point: PointName, phase: Phase, effect: Effect): boolean;
  /** For a publish in which a death waits: the peers that receive it before; undefined: all. */
  heardBefore(point: PointName): readonly string[] | undefined;
  /** The node stops by itself, or because an actor threw. */
  stop(node: NodeRuntime, reason: string, threw: boolean, cause: number, code?: StopCode): void;
}
