/**
 * What the scheduler keeps of a node: which life it is in, its actors' states, its timers, its disk, and how often each crash
 * point was passed at the present height and round.
 */
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { digestOf, mix, textDigest } from '../digest.ts';
import type { Entry } from './queue.ts';
import type { NodeSpec } from './spec.ts';

export interface TimerState {
  readonly generation: number;
  /** Microseconds. */
  readonly due: number;
}

export interface NodeRuntime {
  readonly spec: NodeSpec;
  readonly digest: number;
  life: number;
  isUp: boolean;
  isFaulty: boolean;
  /** Why it stopped by itself, if it did. */
  stopped: string | undefined;
  states: unknown[];
  timers: Map<string, TimerState>[];
  disk: SimulatedDisk;
  height: number;
  round: number;
  counts: Map<string, number>;
  expectedBack: number;
  /** While it is paused: what came for it, in order. */
  held: Entry[] | undefined;
  /** How much later its timers elapse, in thousandths; below 0: earlier. */
  driftPerMille: number;
  /** Microseconds that each sync takes longer. */
  syncDelay: number;
}

export function newRuntime(spec: NodeSpec, disk: SimulatedDisk): NodeRuntime {
  return {
    spec,
    digest: textDigest(spec.name),
    life: -1,
    isUp: false,
    isFaulty: false,
    stopped: undefined,
    states: [],
    timers: [],
    disk,
    height: 1,
    round: 0,
    counts: new Map(),
    expectedBack: 0,
    held: undefined,
    driftPerMille: 0,
    syncDelay: 0,
  };
}

/** An independent copy over a disk that was forked. */
export function copyRuntime(node: NodeRuntime, disk: SimulatedDisk): NodeRuntime {
  return {
    ...node,
    states: node.states.slice(),
    timers: node.timers.map((timers) => new Map(timers)),
    counts: new Map(node.counts),
    held: node.held?.slice(),
    disk,
  };
}

/** A fingerprint of what can still matter: not the life, not how often crash points were passed. */
export function runtimeDigest({ isUp, isFaulty, stopped, states, disk, held, driftPerMille, syncDelay }: NodeRuntime): number {
  let digest = mix(mix(mix(isUp ? 1 : 0, isFaulty ? 1 : 0), held?.length ?? -1), mix(driftPerMille, syncDelay));
  if (stopped !== undefined) digest = mix(digest, textDigest(stopped));
  for (const state of states) digest = mix(digest, digestOf(state));
  return mix(digest, disk.digest());
}
