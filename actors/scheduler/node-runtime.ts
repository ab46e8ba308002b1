/**
 * What the scheduler keeps for each node: its life, the states of its actors, its timers, its disk, and how often it passed each site at the
 * present height and round.
 */

import { assert } from '../../core/assert.ts';
import { textDigest } from '../../core/digest.ts';
import type { PointName } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { packedMap } from '../../core/packed-map.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { type Entry, presentEntry } from './event-heap.ts';
import type { ActorSpec, NodeSpec } from './spec.ts';

export interface ArmedTimer {
  /** The index of its actor. */
  readonly actor: number;
  readonly timer: string;
  readonly generation: number;
  /** Microseconds. */
  readonly due: number;
}

export interface NodeRuntime {
  readonly spec: NodeSpec;
  /** Its index among all nodes. */
  readonly place: number;
  readonly digest: number;
  life: number;
  isUp: boolean;
  isFaulty: boolean;
  /** Why the node stopped itself; undefined if it did not. */
  stopped: string | undefined;
  /** The actors of the present life. */
  actors: readonly ActorSpec[];
  states: unknown[];
  timers: readonly ArmedTimer[];
  disk: SimulatedDisk;
  /** In this world, something other than the node has asked for the disk, or for the state of an actor that has read it. */
  isDiskSeen: boolean;
  /** The actors that have read the disk in this life, one bit for each index. */
  readers: number;
  height: number;
  round: number;
  counts: ForkingMap<string, number>;
  /** The number of restarts that are scheduled for it. */
  expectedBack: number;
  /** Set while the node is paused: the entries that arrived meanwhile, in order. */
  held: Entry[] | undefined;
  /** How much later its timers elapse, in thousandths; below 0: earlier. */
  driftPerMille: number;
  /** Microseconds that each sync takes longer. */
  syncDelay: number;
}

/** `readers` has a bit for each actor. */
const maxActors = 32;

/** Throws `InvariantError` for a node of more than 32 actors. */
export function newRuntime(spec: NodeSpec, place: number, disk: SimulatedDisk): NodeRuntime {
  assert(
    spec.actors.length <= maxActors,
    'TOO_MANY_ACTORS',
    `node ${spec.name} has ${spec.actors.length} actors, and a node may have at most ${maxActors}; let one actor do the work of several`,
  );
  return {
    spec,
    place,
    digest: textDigest(spec.name),
    life: -1,
    isUp: false,
    isFaulty: false,
    stopped: undefined,
    actors: spec.actors,
    states: [],
    timers: [],
    disk,
    isDiskSeen: false,
    readers: 0,
    height: 1,
    round: 0,
    counts: new ForkingMap(),
    expectedBack: 0,
    held: undefined,
    driftPerMille: 0,
    syncDelay: 0,
  };
}

/** An independent copy with a forked disk. It lists each field in the same order as `newRuntime`, so that all runtimes share one hidden class of V8. */
export function copyRuntime(node: NodeRuntime, disk: SimulatedDisk): NodeRuntime {
  return {
    spec: node.spec,
    place: node.place,
    digest: node.digest,
    life: node.life,
    isUp: node.isUp,
    isFaulty: node.isFaulty,
    stopped: node.stopped,
    actors: node.actors,
    states: packedMap(node.states, (state) => state),
    timers: node.timers,
    disk,
    isDiskSeen: false,
    readers: node.readers,
    height: node.height,
    round: node.round,
    counts: node.counts.fork(),
    expectedBack: node.expectedBack,
    held: node.held?.slice(),
    driftPerMille: node.driftPerMille,
    syncDelay: node.syncDelay,
  };
}

/** Effect of a queued entry: -1 for a stale timer; for a sync, one more than the number of operations that it makes durable; else 0. */
export function standingOf(node: NodeRuntime, { delivery }: Entry): number {
  if (delivery.type === 'timer')
    return armedTimer(node, delivery.actor, delivery.timer)?.generation === delivery.generation ? 0 : -1;
  const ticket = delivery.type === 'disk' ? delivery.completion.ticket : undefined;
  return ticket === undefined ? 0 : 1 + node.disk.coverage(ticket);
}

/**
 * The part of a node that can still influence the future, as plain data. It omits the life, how often sites were passed, and the bytes of the files
 * in `but` (`all`: the whole disk). `now` is in microseconds.
 */
export function presentRuntime(node: NodeRuntime, now: number, but?: ReadonlySet<string> | 'all'): object {
  const { isUp, isFaulty, stopped, states, disk, held, driftPerMille, syncDelay, expectedBack } = node;
  return {
    isUp,
    isFaulty,
    stopped,
    driftPerMille,
    syncDelay,
    expectedBack,
    // The order matters: a paused process receives them in it.
    held: held?.map((entry) => presentEntry(entry, now, standingOf(node, entry))),
    states: states.slice(),
    disk: but === 'all' ? undefined : disk.present(but),
  };
}

/** Starts the next life with fresh states. The disk and the last known height stay. */
export function beginLife(node: NodeRuntime): void {
  node.life += 1;
  node.isUp = true;
  node.readers = 0;
  node.stopped = undefined;
  node.expectedBack = 0;
  const { actors, later } = node.spec;
  node.actors = later !== undefined && node.life >= later.fromLife ? later.actors : actors;
  node.states = packedMap(node.actors, (actor) => actor.start(node.life));
  node.timers = [];
  node.counts = new ForkingMap();
}

/** Ends the life: states, timers and held entries are dropped. The position is kept, because it names the crash points of the next boot. */
export function endLife(node: NodeRuntime): void {
  const position = node.isUp ? node.spec.position(node.states) : undefined;
  if (position !== undefined) {
    node.height = position.height;
    node.round = position.round;
  }
  node.isUp = false;
  node.held = undefined;
  node.states = [];
  node.timers = [];
}

/** The timer of this actor with this name; undefined if it is not armed. */
export function armedTimer(node: NodeRuntime, actor: number, timer: string): ArmedTimer | undefined {
  return node.timers.find((armed) => armed.actor === actor && armed.timer === timer);
}

/** Arms a timer, in place of an armed one with the same name. */
export function armTimer(node: NodeRuntime, armed: ArmedTimer): void {
  disarmTimer(node, armed.actor, armed.timer);
  node.timers = [...node.timers, armed];
}

export function disarmTimer(node: NodeRuntime, actor: number, timer: string): void {
  const armed = armedTimer(node, actor, timer);
  if (armed !== undefined) node.timers = node.timers.filter((other) => other !== armed);
}

/** The name of the crash point at this site, now. Passes of a site are counted from 1 at each height and round. */
export function nextPoint(node: NodeRuntime, site: string): PointName {
  const { height, round } = node.spec.position(node.states) ?? { height: node.height, round: 0 };
  if (height !== node.height || round !== node.round) {
    node.height = height;
    node.round = round;
    node.counts = new ForkingMap();
  }
  const n = (node.counts.get(site) ?? 0) + 1;
  node.counts.set(site, n);
  return { node: node.spec.name, life: node.life, height, round, site, n };
}
