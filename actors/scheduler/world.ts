/**
 * A world: nodes, their disks, the network between them, virtual time, and the one loop that executes effects.
 *
 * `fork()` returns an independent copy. All parts are plain data or can be forked, so a fork costs little. The actors are parameters. Deaths come from outside:
 * `armed` holds the crash points at which nodes will die, and a director can act between two steps.
 */

import type { ChoiceSource } from '../../core/choice.ts';
import { digestOf, textDigest } from '../../core/digest.ts';
import type { Effect, Message, StopCode } from '../../core/effects.ts';
import type {
  CrashImage,
  DeathKind,
  Monitor,
  Observer,
  Phase,
  PointName,
  Position,
  RunEvent,
  Verdict,
} from '../../core/events.ts';
import { packedMap } from '../../core/packed-map.ts';
import type { Network } from '../../network-sim/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import { ArmedDeaths } from './armed-deaths.ts';
import { type ArmedDeath, pointText } from './crash-point.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { DiskTiming } from './disk-effects.ts';
import { EndlessInstant } from './endless-instant.ts';
import type { ControlAction, Entry } from './event-heap.ts';
import { complete, deliver, transmit } from './execute-effects.ts';
import * as interventions from './interventions.ts';
import { type Memories, Monitors, relevantMemory } from './monitors.ts';
import { NodeDirectory } from './node-directory.ts';
import {
  beginLife,
  copyRuntime,
  disarmTimer,
  endLife,
  type NodeRuntime,
  newRuntime,
  presentRuntime,
  standingOf,
} from './node-runtime.ts';
import { WorldObserver } from './observer.ts';
import { type Listener, Recorder } from './recorder.ts';
import type { RunContext } from './run-context.ts';
import type { BootMessage, Keeps, LeftOut, NodeSpec, RunEnd, TimerMessage } from './spec.ts';
import type { Trace } from './trace.ts';

/** Acts on a world between steps: scripts, triggers, fault plans. Forks with the world. */
export interface Director {
  observe(event: RunEvent, world: World): void;
  /** Called between steps; executes the actions that are due. */
  act(world: World): void;
  control(action: ControlAction, world: World): void;
  fork(): Director;
  /** The part of the director that can still influence the future, as plain data. Times are relative to `now` (microseconds). */
  present(now: number): unknown;
}

export interface WorldParts {
  readonly specs: readonly NodeSpec[];
  readonly disks: readonly SimulatedDisk[];
  readonly network: Network;
  readonly choices: ChoiceSource;
  readonly timing: DiskTiming;
  readonly monitors: readonly Monitor[];
  readonly director?: Director;
  /** Listeners of this world. Forks have none. */
  readonly listeners?: readonly Listener[];
  readonly keeps: Keeps;
}

export interface RunLimits {
  /** The run stops when this returns true. It is called after each step. */
  readonly until?: (world: World) => boolean;
  /** Microseconds of virtual time, counted from the start of the run. */
  readonly time?: number;
  /** The most deliveries from now on. */
  readonly steps?: number;
}

/** Sees each crash point as it is reached; may fork the world and kill in the fork. */
export type PointHook = (point: PointName, phase: Phase, effect: Effect, world: World) => void;

/** What a world is made of while it runs: new for a new run, copied for a fork. */
interface WorldState extends Omit<RunContext, 'emit' | 'diesAt' | 'receiversBeforeDeath' | 'stop'> {
  readonly armed: ArmedDeaths;
  readonly director: Director | undefined;
  /** Whether the director has acted since the last delivery. */
  readonly hasActed: boolean;
}

/** A world at time 0. Its nodes are down until `start`. */
export function newWorld({
  specs,
  disks,
  network,
  choices,
  timing,
  monitors,
  director,
  listeners = [],
  keeps,
}: WorldParts): World {
  return new World({
    time: 0,
    steps: 0,
    directory: new NodeDirectory(specs),
    nodes: packedMap(specs, (spec, place) => newRuntime(spec, place, disks[place] as SimulatedDisk)),
    deliveries: new DeliveryQueue(choices),
    recorder: new Recorder(keeps, new Monitors(monitors), listeners),
    network,
    choices,
    timing,
    armed: new ArmedDeaths(),
    director,
    hasActed: false,
  });
}

export class World {
  readonly #context: RunContext;
  readonly #armed: ArmedDeaths;
  readonly #director: Director | undefined;
  #hasActed: boolean;
  readonly observer: Observer;
  onPoint: PointHook | undefined;

  /** Use `newWorld` for a new run, and `fork` for a copy. */
  constructor({ armed, director, hasActed, ...state }: WorldState) {
    this.#armed = armed;
    this.#director = director;
    this.#hasActed = hasActed;
    this.#context = {
      time: state.time,
      steps: state.steps,
      directory: state.directory,
      nodes: state.nodes,
      deliveries: state.deliveries,
      recorder: state.recorder,
      network: state.network,
      choices: state.choices,
      timing: state.timing,
      emit: (event) => this.#emit(event),
      diesAt: (point, phase, effect) => this.#diesAt(point, phase, effect),
      receiversBeforeDeath: (point) => this.#armed.findAt(point, 'torn')?.heard,
      stop: (node, reason, threw, cause, code) => this.#stop(node, reason, threw, cause, code),
    };
    this.observer = new WorldObserver(this.#context, this.#armed);
  }

  /**
   * An independent copy of the world. Hooks are not copied. If it is called within a step, kill the acting node in the copy, because its step is not
   * finished. `memories`: replaces the memories of the monitors; several memories of one property belong to several runs that were merged. `rules`: replaces
   * the monitors.
   */
  fork(memories: Memories = this.memories, rules: readonly Monitor[] = this.rules): World {
    const { time, steps, directory, nodes, deliveries, recorder, network, choices, timing } = this.#context;
    return new World({
      time,
      steps,
      directory,
      nodes: packedMap(nodes, (node) => copyRuntime(node, node.disk.fork())),
      deliveries: deliveries.fork(),
      recorder: recorder.fork(new Monitors(rules, memories, recorder.monitors)),
      network: network.fork(),
      choices,
      timing,
      armed: this.#armed.fork(),
      director: this.#director?.fork(),
      hasActed: this.#hasActed,
    });
  }

  get nodes(): readonly string[] {
    return this.#context.directory.names;
  }
  /** Microseconds of virtual time. */
  get now(): number {
    return this.#context.time;
  }
  /** Messages delivered so far. */
  get steps(): number {
    return this.#context.steps;
  }
  get choices(): ChoiceSource {
    return this.#context.choices;
  }
  get eventCount(): number {
    return this.#context.recorder.events;
  }
  get trace(): Trace {
    return this.#context.recorder.trace;
  }
  /** The run hash; empty if the run keeps none. */
  get hash(): string {
    return this.#context.recorder.hash?.text ?? '';
  }
  get marks(): ReadonlyMap<string, number> {
    return this.#context.recorder.marks.view;
  }
  /** The monitors, one for each property. */
  get rules(): readonly Monitor[] {
    return this.#context.recorder.monitors.rules;
  }
  get memories(): Memories {
    return this.#context.recorder.monitors.memories;
  }
  /** The verdict of each property, if the run ended now. */
  verdicts(): readonly Verdict[] {
    return this.rules.map((rule, place) => rule.finish(this.memories[place]?.[0] as never, this.observer));
  }
  get director(): Director | undefined {
    return this.#director;
  }
  get network(): Network {
    return this.#context.network;
  }
  get armed(): readonly ArmedDeath[] {
    return this.#armed.list;
  }
  /** All queued entries in no particular order, for a search that chooses the order itself. */
  get underWay(): readonly Entry[] {
    return this.#context.deliveries.queue.entries;
  }

  disk(name: string): SimulatedDisk {
    const node = this.#node(name);
    node.isDiskSeen = true;
    return node.disk;
  }
  /**
   * Whether, since this world was forked, something other than the node (a director, a monitor, a caller) has asked for the node's disk, or for the state of
   * an actor that has read it.
   */
  isDiskSeen(name: string): boolean {
    return this.#node(name).isDiskSeen;
  }
  life(name: string): number {
    return this.#node(name).life;
  }
  isUp(name: string): boolean {
    return this.#node(name).isUp;
  }
  /** Whether a restart of the node is scheduled. */
  isComingBack(name: string): boolean {
    return this.#node(name).expectedBack > 0;
  }

  isPaused(name: string): boolean {
    return this.#node(name).held !== undefined;
  }
  stoppedBecause(name: string): string | undefined {
    return this.#node(name).stopped;
  }
  /** The present state of an actor; undefined while the node is down. */
  state(name: string, actor: string): unknown {
    return this.observer.actorState(name, actor);
  }
  position(name: string): Position {
    const node = this.#node(name);
    return (node.isUp ? node.spec.position(node.states) : undefined) ?? { height: node.height, round: node.round };
  }
  timers(name: string, actor: string): ReadonlyMap<string, number> {
    const node = this.#node(name);
    const place = this.#context.directory.findActor(node.place, actor);
    return new Map(node.timers.flatMap((armed) => (armed.actor === place ? [[armed.timer, armed.due]] : [])));
  }

  /** Marks a node as faulty: from now on properties do not judge it. */
  markFaulty(name: string, why: string): void {
    interventions.markFaulty(this.#context, this.#node(name), why);
  }
  /** Emits the event of a fault. `detail` describes it. */
  noteFault(name: string, kind: string, detail: Readonly<Record<string, unknown>>): void {
    interventions.noteFault(this.#context, this.#node(name), kind, detail);
  }
  /** Pauses the process: nothing reaches it until it is resumed (SIGSTOP, a long garbage collection, a frozen machine). */
  pause(name: string): void {
    interventions.pause(this.#context, this.#node(name));
  }
  /** Resumes the process: everything that arrived meanwhile is delivered now, in order. */
  resume(name: string): void {
    interventions.resume(this.#context, this.#node(name));
  }
  /** Sets the drift of the clock: timers that are set from now on take this many thousandths longer, or shorter if below 0. */
  setDrift(name: string, perMille: number): void {
    interventions.setDrift(this.#context, this.#node(name), perMille);
  }
  /** Makes each sync that is issued from now on take this many microseconds longer. */
  setSyncDelay(name: string, microseconds: number): void {
    interventions.setSyncDelay(this.#context, this.#node(name), microseconds);
  }
  /** Makes an armed timer elapse now: one whose name begins with `timer`, or (without `timer`) the next one due. False if none is armed. */
  fireTimer(name: string, timer?: string): boolean {
    return interventions.fireTimer(this.#context, this.#node(name), timer);
  }
  /** Ends drift and slow syncs of a node. */
  heal(name: string): void {
    const node = this.#node(name);
    node.driftPerMille = 0;
    node.syncDelay = 0;
  }
  /** Replaces the disk of a node, which must be down. */
  replaceDisk(name: string, disk: SimulatedDisk): void {
    const node = this.#node(name);
    if (node.isUp) throw new Error(`${name} is up: a disk can be replaced only while its node is down`);
    node.disk = disk;
    node.isDiskSeen = true;
  }
  mark(name: string): void {
    this.#context.recorder.mark(name);
  }

  /** Starts a node: life 0 the first time, the next life after a death. `disk` replaces its disk without being counted as a look at it (`isDiskSeen`). */
  start(name: string, disk?: SimulatedDisk): void {
    const node = this.#node(name);
    if (node.isUp) throw new Error(`${name} is up already; only a node that is down can be started`);
    if (disk !== undefined) node.disk = disk;
    beginLife(node);
    const { recorder, deliveries, time } = this.#context;
    const cause = node.life === 0 ? -1 : this.#emit({ type: 'restart', ...recorder.common(time, node, -1) });
    const message: BootMessage = { type: 'boot', life: node.life };
    deliveries.tell(time, node, -1, cause, { actor: 0, message, from: 'scheduler' });
  }

  /** Arms a death that strikes when its crash point is reached; returns its id. */
  arm(death: Omit<ArmedDeath, 'id'>): number {
    return this.#armed.arm(death);
  }
  disarm(id: number): void {
    this.#armed.disarm(id);
  }

  /** Kills a node. `kill`: the page cache survives. `power`: only `image` survives of everything that was not synced. */
  die(name: string, kind: DeathKind, image: CrashImage = 'none', at = 'at once'): void {
    const node = this.#node(name);
    const lostBytes = kind === 'power' ? node.disk.powerLoss(image).lostBytes : 0;
    const { recorder, time } = this.#context;
    const cause = recorder.events - 1;
    this.#takeDown(node);
    const left = kind === 'power' ? image : undefined;
    this.#emit({ type: 'death', ...recorder.common(time, node, cause), kind, at, image: left, lostBytes });
  }

  /** Sends a message to some of its receivers only, for a death in the middle of it. */
  transmitTorn(name: string, effect: Effect & { readonly type: 'transmit' }, heard: readonly string[]): void {
    const node = this.#node(name);
    const torn = { ...effect, to: heard };
    const { recorder, time } = this.#context;
    const common = recorder.common(time, node, -1);
    const event = this.#emit({ type: 'effect', ...common, actor: 'network', effect: torn, point: undefined });
    for (const to of heard) transmit(this.#context, node, to, effect.data, digestOf(effect.data), event);
  }

  /** Schedules an action. The world itself executes `restart`; the director executes all others. */
  schedule(afterMicroseconds: number, action: ControlAction, name = ''): void {
    const { deliveries, time } = this.#context;
    const node = name === '' ? undefined : this.#node(name);
    if (action.type === 'restart' && node !== undefined) node.expectedBack += 1;
    const to = { node: node?.place ?? -1, life: -1, cause: -1 };
    deliveries.push(time + afterMicroseconds, textDigest(action.type), to, { type: 'control', action });
  }

  /** Puts a message from outside into an actor's mailbox. */
  tell(name: string, actor: string, message: Message): void {
    const node = this.#node(name);
    const place = this.#context.directory.actorOf(node.place, actor);
    this.#context.deliveries.tell(this.#context.time, node, -1, -1, { actor: place, message, from: 'outside' });
  }

  /** Delivers the next entry. False if there is none. */
  step(): boolean {
    this.#act();
    const entry = this.#context.deliveries.queue.pop();
    if (entry === undefined) return false;
    this.#deliverEntry(entry);
    return true;
  }

  /** Delivers this entry before all others: at its own time, or now if that has passed. With `now` it is always delivered now. */
  stepEntry(entry: Entry, when?: 'now'): void {
    this.#act();
    this.#context.deliveries.queue.take(entry);
    const { time } = this.#context;
    this.#deliverEntry(entry.time > time && when !== 'now' ? entry : { ...entry, time });
  }

  /** Removes the entries of timers that were set again or cancelled, for a search in which each step is a decision. */
  dropStaleTimers(): void {
    const { queue } = this.#context.deliveries;
    queue.purge((entry) => entry.delivery.type === 'timer' && this.#standingOf(entry) === -1);
  }

  run(limits: RunLimits): RunEnd {
    const context = this.#context;
    const lastStep = context.steps + (limits.steps ?? Number.MAX_SAFE_INTEGER);
    const lastTime = limits.time ?? Number.MAX_SAFE_INTEGER;
    const instant = new EndlessInstant();
    for (;;) {
      if (limits.until?.(this) === true) return 'reached';
      if (context.steps >= lastStep) return 'steps';
      if (instant.isEndless(context)) return 'instant';
      // A run in slices must equal the run in one piece. So the director acts before time moves to the end of a slice, and not again after it.
      this.#act();
      const next = context.deliveries.queue.first;
      if (next !== undefined && next.time > lastTime) {
        context.time = lastTime;
        return 'time';
      }
      if (!this.step()) return 'idle';
    }
  }

  /**
   * Everything that can still influence the future, as immutable plain data with times relative to now. It is used to merge states. Not included: trace, marks, run
   * hash, absolute time, and the parts named in `but`. How often sites were passed is included only if a death waits for one.
   */
  present(but: LeftOut = {}): object {
    const { network, nodes, time, deliveries } = this.#context;
    return {
      network: network.present(time),
      queue: deliveries.queue.present(time, (entry) => this.#standingOf(entry)),
      nodes: nodes.map((node) =>
        presentRuntime(node, time, but.nodes?.includes(node.spec.name) === true ? but.files : undefined),
      ),
      monitors:
        but.monitors === 'all'
          ? undefined
          : this.rules.map((rule, place) => (this.memories[place] ?? []).map((memory) => relevantMemory(rule, memory, time))),
      armed: this.#armed.present((name) => this.#node(name)),
      director: this.#director?.present(time),
    };
  }

  #node(name: string): NodeRuntime {
    const { directory, nodes } = this.#context;
    return nodes[directory.placeOf(name)] as NodeRuntime;
  }

  /** Calls the director once between two deliveries, and again if something else has happened meanwhile. */
  #act(): void {
    if (this.#hasActed) return;
    this.#director?.act(this);
    this.#hasActed = true;
  }

  #emit(event: RunEvent): number {
    this.#hasActed = false;
    this.#context.recorder.record(event, this.observer);
    this.#director?.observe(event, this);
    return event.index;
  }

  #standingOf(entry: Entry): number {
    const node = this.#context.nodes[entry.node];
    return node === undefined ? 0 : standingOf(node, entry);
  }

  #deliverEntry(entry: Entry): void {
    this.#hasActed = false;
    const context = this.#context;
    context.time = entry.time;
    const { delivery, cause } = entry;
    if (delivery.type === 'control') {
      this.#control(entry.node, delivery.action);
      return;
    }
    const node = context.nodes[entry.node] as NodeRuntime;
    if (!node.isUp || (entry.life !== -1 && entry.life !== node.life)) return;
    if (node.held !== undefined) {
      node.held.push(entry);
      return;
    }
    switch (delivery.type) {
      case 'message':
        deliver(context, node, delivery.actor, delivery.message, delivery.from, cause);
        break;
      case 'timer': {
        if (standingOf(node, entry) === -1) return;
        disarmTimer(node, delivery.actor, delivery.timer);
        const message: TimerMessage = { type: 'timer', timer: delivery.timer };
        deliver(context, node, delivery.actor, message, 'timer', cause);
        break;
      }
      case 'disk':
        complete(context, node, delivery.actor, delivery.completion, cause);
        break;
    }
  }

  /** Lets an armed death strike. True if the node died at this point. */
  #diesAt(point: PointName, phase: Phase, effect: Effect): boolean {
    if (this.onPoint !== undefined) this.onPoint(point, phase, effect, this);
    if (this.#armed.list.length === 0) return false;
    const death = this.#armed.takeStriking(point, phase);
    if (death === undefined) return false;
    const { kind, image, restartAfterMs, nodes = [point.node] } = death;
    const at = pointText(point, phase);
    this.die(point.node, kind, image, at);
    for (const name of nodes) if (this.isUp(name)) this.die(name, kind, 'none', at);
    if (restartAfterMs === undefined) return true;
    for (const name of nodes) this.schedule(restartAfterMs * 1000, { type: 'restart' }, name);
    return true;
  }

  #control(place: number, action: ControlAction): void {
    const node = this.#context.nodes[place];
    if (action.type === 'restart' && node !== undefined) {
      node.expectedBack = Math.max(0, node.expectedBack - 1);
      if (!node.isUp) this.start(node.spec.name);
    } else this.#director?.control(action, this);
  }

  #stop(node: NodeRuntime, reason: string, threw: boolean, cause: number, code?: StopCode): void {
    this.#takeDown(node);
    node.stopped = reason;
    const { recorder, time } = this.#context;
    this.#emit({
      type: 'stopped',
      ...recorder.common(time, node, cause),
      reason,
      threw,
      ...(code === undefined ? {} : { code }),
    });
  }

  #takeDown(node: NodeRuntime): void {
    endLife(node);
    this.#context.deliveries.queue.purge((entry) => entry.node === node.place && entry.life === node.life);
  }
}
