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
  /** To be called at each crash point: a death that was planned for it strikes. Returns true if the node died. */
  diesAt(point: PointName, phase: Phase, effect: Effect): boolean;
  /** The peers that a message reaches if a death is planned in the middle of its sending. Undefined if none is: it reaches all. */
  receiversBeforeDeath(point: PointName): readonly string[] | undefined;
  /** The node stops by itself, or because an actor threw. */
  stop(node: NodeRuntime, reason: string, threw: boolean, cause: number, code?: StopCode): void;
}
