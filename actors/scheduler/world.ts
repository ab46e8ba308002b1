/**
 * A world: nodes, their disks, the wire between them, virtual time, and the one loop that carries effects out.
 *
 * Everything a run is stands here as plain data or as something that forks, so `fork()` gives an independent copy at the cost
 * of what is pending. Leaves out: what the actors do (they come as data), and who decides that a node must die (crash points
 * wait in `armed`; a director may act between two steps).
 */

import { corrupted, type Network } from '../../network-sim/index.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { ChoiceSource } from '../choice.ts';
import { digestOf, mix, textDigest } from '../digest.ts';
import type { Effect, Message, Step } from '../effects.ts';
import { siteOf } from '../effects.ts';
import type { CrashImage, DeathKind, Monitor, Phase, PointName, Position, RunEvent, Witness } from '../record.ts';
import { ArmedDeaths } from './armed-deaths.ts';
import { type ArmedDeath, pointText } from './crash-point.ts';
import { carryOutDisk, type DiskTiming, diskWait, finishDisk } from './disk-effects.ts';
import { beginLife, copyRuntime, endLife, type NodeRuntime, newRuntime, nextPoint, runtimeDigest } from './node-runtime.ts';
import { Onlookers, witnessOf } from './onlookers.ts';
import { type Completion, type ControlAction, type Delivery, type Entry, entryDigest, Queue } from './queue.ts';
import { RunHash } from './run-hash.ts';
import type { ActorSpec, BootMessage, Director, PointHook, RunEnd, RunLimits, TimerMessage, WorldParts } from './spec.ts';
import { Trace } from './trace.ts';

const tieRange = 0x4000_0000;

export class World {
  readonly #names: Map<string, number>;
  readonly #actorIndexes: readonly Map<string, number>[];
  readonly #timing: DiskTiming;
  readonly choices: ChoiceSource;
  readonly witness: Witness;
  #nodes: NodeRuntime[];
  #queue: Queue;
  #trace: Trace;
  readonly #keeps: WorldParts['keeps'];
  #events = 0;
  #order = 0;
  #generation = 0;
  #time = 0;
  #steps = 0;
  readonly #hash: RunHash | undefined;
  #marks = new Map<string, number>();
  #armed = new ArmedDeaths();
  #network: Network;
  readonly #onlookers: Onlookers;
  #director: Director | undefined;
  onPoint: PointHook | undefined;

  constructor(parts: WorldParts, from?: World) {
    this.#names = from === undefined ? new Map(parts.specs.map(({ name }, index) => [name, index])) : from.#names;
    this.#actorIndexes =
      from === undefined ? parts.specs.map(({ actors }) => new Map(actors.map(({ name }, i) => [name, i]))) : from.#actorIndexes;
    this.#timing = parts.timing;
    this.choices = parts.choices;
    this.#network = parts.network;
    this.#director = parts.director;
    this.#keeps = parts.keeps;
    this.#onlookers = new Onlookers(parts.monitors, from === undefined ? undefined : from.#onlookers);
    const world = this;
    this.witness = witnessOf({
      nodes: [...this.#names.keys()],
      get now() {
        return world.#time;
      },
      runtime: (name) => this.#node(name),
      state: (name, actor) => this.state(name, actor),
      hasArmed: (name) => this.#armed.list.some((death) => death.node === name),
    });
    if (from === undefined) {
      this.#trace = new Trace();
      this.#queue = new Queue();
      this.#hash = parts.keeps === 'nothing' ? undefined : new RunHash();
      this.#nodes = parts.specs.map((spec, index) => newRuntime(spec, parts.disks[index] as SimulatedDisk));
      return;
    }
    const [mine, theirs] = from.#trace.split();
    from.#trace = mine;
    this.#trace = theirs;
    this.#queue = from.#queue.fork();
    this.#hash = from.#hash?.fork();
    this.#nodes = from.#nodes.map((node, index) => copyRuntime(node, parts.disks[index] as SimulatedDisk));
    this.#events = from.#events;
    this.#order = from.#order;
    this.#generation = from.#generation;
    this.#time = from.#time;
    this.#steps = from.#steps;
    this.#marks = new Map(from.#marks);
    this.#armed = from.#armed.fork();
  }

  /** An independent copy of everything that this run is. Hooks are not copied. Within a step, only the acting node may differ: kill it. */
  fork(): World {
    return new World(
      {
        specs: this.#nodes.map(({ spec }) => spec),
        disks: this.#nodes.map(({ disk }) => disk.fork()),
        network: this.#network.fork(),
        choices: this.choices,
        timing: this.#timing,
        monitors: this.monitors.map((monitor) => monitor.fork()),
        ...(this.#director === undefined ? {} : { director: this.#director.fork() }),
        keeps: this.#keeps,
      },
      this,
    );
  }

  get nodes(): readonly string[] {
    return this.#nodes.map(({ spec }) => spec.name);
  }
  /** Microseconds of virtual time. */
  get now(): number {
    return this.#time;
  }
  /** Messages delivered so far. */
  get steps(): number {
    return this.#steps;
  }
  get eventCount(): number {
    return this.#events;
  }
  get trace(): Trace {
    return this.#trace;
  }
  /** Empty where no hash is kept. */
  get hash(): string {
    return this.#hash?.text ?? '';
  }
  get marks(): ReadonlyMap<string, number> {
    return this.#marks;
  }
  get monitors(): readonly Monitor[] {
    return this.#onlookers.monitors;
  }
  get director(): Director | undefined {
    return this.#director;
  }
  get network(): Network {
    return this.#network;
  }
  get armed(): readonly ArmedDeath[] {
    return this.#armed.list;
  }

  disk(name: string): SimulatedDisk {
    return this.#node(name).disk;
  }
  life(name: string): number {
    return this.#node(name).life;
  }
  isUp(name: string): boolean {
    return this.#node(name).isUp;
  }
  stoppedBecause(name: string): string | undefined {
    return this.#node(name).stopped;
  }
  /** The present state of an actor; undefined while the node is down. */
  state(name: string, actor: string): unknown {
    const node = this.#node(name);
    const index = this.#actorIndexes[this.#index(name)]?.get(actor);
    return node.isUp && index !== undefined ? node.states[index] : undefined;
  }
  position(name: string): Position {
    const node = this.#node(name);
    return (node.isUp ? node.spec.position(node.states) : undefined) ?? { height: node.height, round: node.round };
  }
  timers(name: string, actor: string): ReadonlyMap<string, number> {
    const index = this.#actorIndexes[this.#index(name)]?.get(actor) ?? -1;
    return new Map([...(this.#node(name).timers[index] ?? [])].map(([timer, { due }]) => [timer, due]));
  }

  /** From now on the node is owed nothing and owes nothing. */
  markFaulty(name: string, why: string): void {
    const node = this.#node(name);
    if (node.isFaulty) return;
    node.isFaulty = true;
    this.#emit({ type: 'fault', ...this.#common(node, -1), kind: 'counted as faulty', detail: { why } });
  }

  /** Tells of a fault that somebody put into the world (`detail` in words for people). */
  noteFault(name: string, kind: string, detail: Readonly<Record<string, unknown>>): void {
    this.#emit({ type: 'fault', ...this.#common(this.#node(name), -1), kind, detail });
  }

  /** Nothing reaches the process until it is resumed (SIGSTOP, a long garbage collection, a frozen machine). */
  pause(name: string): void {
    const node = this.#node(name);
    if (!node.isUp || node.held !== undefined) return;
    node.held = [];
    this.noteFault(name, 'paused', {});
  }

  /** What came meanwhile arrives now, in its order. */
  resume(name: string): void {
    const node = this.#node(name);
    const { held } = node;
    if (held === undefined) return;
    node.held = undefined;
    this.noteFault(name, 'resumed', { messages: held.length });
    for (const entry of held) {
      this.#order += 1;
      this.#queue.push({ ...entry, time: this.#time, tie: 0, order: this.#order });
    }
  }

  isPaused(name: string): boolean {
    return this.#node(name).held !== undefined;
  }

  /** Timers set from now on elapse later by this share in thousandths, or earlier below 0. */
  setDrift(name: string, perMille: number): void {
    this.#node(name).driftPerMille = perMille;
    this.noteFault(name, 'drift', { perMille });
  }

  /** Each sync issued from now on takes this many microseconds longer. */
  setSyncDelay(name: string, microseconds: number): void {
    this.#node(name).syncDelay = microseconds;
    this.noteFault(name, 'slow-fsync', { microseconds });
  }

  /** Its clock and its disk are as fast as they were at first. */
  heal(name: string): void {
    const node = this.#node(name);
    node.driftPerMille = 0;
    node.syncDelay = 0;
  }

  /** Another disk in place of the node's; it must be down. */
  replaceDisk(name: string, disk: SimulatedDisk): void {
    const node = this.#node(name);
    if (node.isUp) throw new Error(`${name} is up: a disk can be replaced only while its node is down`);
    node.disk = disk;
  }

  /** An armed timer elapses now: the one whose name begins so, or (left out) the next one due. False where none is armed. */
  fireTimer(name: string, timer?: string): boolean {
    const node = this.#node(name);
    const armed = node.timers.flatMap((timers, actor) =>
      [...timers].flatMap(([key, { due, generation }]) =>
        timer === undefined || key === timer || key.startsWith(`${timer}/`) ? [{ actor, key, due, generation }] : [],
      ),
    );
    const [first] = armed.sort((a, b) => a.due - b.due);
    if (first === undefined) return false;
    const { actor, key, generation } = first;
    this.noteFault(name, 'timer', { timer: key });
    const delivery: Delivery = { type: 'timer', actor, timer: key, generation };
    this.#push(this.#time, mix(node.digest, 8192 + actor), this.#index(name), node.life, this.#events - 1, delivery);
    return true;
  }

  mark(name: string): void {
    this.#marks.set(name, (this.#marks.get(name) ?? 0) + 1);
  }

  /** Starts a node: life 0 the first time, the next life after a death. */
  start(name: string): void {
    const node = this.#node(name);
    if (node.isUp) throw new Error(`${name} is up already; only a node that is down can be started`);
    beginLife(node);
    const cause = node.life === 0 ? -1 : this.#emit({ type: 'restart', ...this.#common(node, -1) });
    const message: BootMessage = { type: 'boot', life: node.life };
    this.#tell(node, -1, 0, message, 'scheduler', cause);
  }

  /** Arms a death that strikes when its crash point is reached; returns its id. */
  arm(death: Omit<ArmedDeath, 'id'>): number {
    return this.#armed.arm(death);
  }

  disarm(id: number): void {
    this.#armed.disarm(id);
  }

  /** The process dies and the page cache stays, or the power fails and of what was not synced only `image` survives. */
  die(name: string, kind: DeathKind, image: CrashImage = 'none', at = 'at once'): void {
    const node = this.#node(name);
    let lostBytes = 0;
    if (kind === 'power') lostBytes = node.disk.powerLoss(image).lostBytes;
    const cause = this.#events - 1;
    this.#takeDown(node);
    this.#emit({ type: 'death', ...this.#common(node, cause), kind, at, image: kind === 'power' ? image : undefined, lostBytes });
  }

  /** A publish of which only some hear, for a death in the middle of it. */
  transmitTorn(name: string, effect: Effect & { readonly type: 'transmit' }, heard: readonly string[]): void {
    const node = this.#node(name);
    const torn = { ...effect, to: heard };
    const event = this.#emit({ type: 'effect', ...this.#common(node, -1), actor: 'network', effect: torn, point: undefined });
    for (const to of heard) this.#transmit(node, to, effect.data, digestOf(effect.data), event);
  }

  /** Something that happens at a time: `restart` of a node by the world itself, anything else by the director. */
  schedule(afterMicroseconds: number, action: ControlAction, node = ''): void {
    const index = node === '' ? -1 : this.#index(node);
    const runtime = this.#nodes[index];
    if (action.type === 'restart' && runtime !== undefined) runtime.expectedBack += 1;
    this.#push(this.#time + afterMicroseconds, textDigest(action.type), index, -1, -1, { type: 'control', action });
  }

  /** Puts a message of the outside world into an actor's mailbox. */
  tell(name: string, actor: string, message: Message): void {
    const node = this.#node(name);
    const index = this.#actorIndexes[this.#index(name)]?.get(actor);
    if (index === undefined) throw new Error(`${name} has no actor '${actor}'`);
    this.#tell(node, -1, index, message, 'outside', -1);
  }

  /** Delivers the next message. False when nothing is left. */
  step(): boolean {
    this.#director?.act(this);
    const entry = this.#queue.pop();
    if (entry === undefined) return false;
    this.#deliverEntry(entry);
    return true;
  }

  /** What is to come, in no particular order: for a search that orders deliveries itself. */
  get underWay(): readonly Entry[] {
    return this.#queue.entries;
  }

  /** Delivers this entry now, before what stands before it. */
  stepEntry(entry: Entry): void {
    this.#director?.act(this);
    this.#queue.take(entry);
    this.#deliverEntry(entry.time > this.#time ? entry : { ...entry, time: this.#time });
  }

  #deliverEntry(entry: Entry): void {
    this.#time = entry.time;
    const { delivery } = entry;
    if (delivery.type === 'control') {
      this.#control(entry.node, delivery.action);
      return;
    }
    const node = this.#nodes[entry.node] as NodeRuntime;
    if (!node.isUp || (entry.life !== -1 && entry.life !== node.life)) return;
    if (node.held !== undefined) {
      node.held.push(entry);
      return;
    }
    switch (delivery.type) {
      case 'message':
        this.#deliver(node, delivery.actor, delivery.message, delivery.from, entry.cause);
        break;
      case 'timer': {
        const timers = node.timers[delivery.actor];
        if (timers?.get(delivery.timer)?.generation !== delivery.generation) return;
        timers.delete(delivery.timer);
        const message: TimerMessage = { type: 'timer', timer: delivery.timer };
        this.#deliver(node, delivery.actor, message, 'timer', entry.cause);
        break;
      }
      case 'disk':
        this.#finishDisk(node, delivery.actor, delivery.completion, entry.cause);
        break;
    }
  }

  run(limits: RunLimits): RunEnd {
    const lastStep = this.#steps + (limits.steps ?? Number.MAX_SAFE_INTEGER);
    const lastTime = limits.time ?? Number.MAX_SAFE_INTEGER;
    for (;;) {
      if (limits.until?.(this) === true) return 'reached';
      if (this.#steps >= lastStep) return 'steps';
      const next = this.#queue.first;
      if (next !== undefined && next.time > lastTime) {
        this.#time = lastTime;
        return 'time';
      }
      if (!this.step()) return 'idle';
    }
  }

  /**
   * A fingerprint of the present, for merging states: everything that can still matter, relative to now. Leaves out: trace, marks,
   * run hash, absolute time, and the bytes of the files in `but` (`all`: the whole disk); how often crash points were passed counts where a death waits for one.
   */
  digest(but?: { readonly node: string; readonly files: ReadonlySet<string> | 'all' }): number {
    let digest = this.#network.digest();
    for (const node of this.#nodes)
      digest = mix(digest, runtimeDigest(node, node.spec.name === but?.node ? but.files : undefined));
    let underWay = 0;
    for (const entry of this.#queue.entries) underWay = (underWay + entryDigest(entry, this.#time, this.#isCurrent(entry))) | 0;
    digest = mix(digest, underWay);
    for (const monitor of this.monitors) digest = mix(digest, monitor.digest(this.#time));
    digest = mix(
      digest,
      this.#armed.digest((node) => this.#node(node)),
    );
    return mix(digest, this.#director?.digest() ?? 0);
  }

  /** A timer that was set anew or cancelled will not elapse. */
  #isCurrent({ node, delivery }: Entry): boolean {
    if (delivery.type !== 'timer') return true;
    return this.#nodes[node]?.timers[delivery.actor]?.get(delivery.timer)?.generation === delivery.generation;
  }

  #index(name: string): number {
    const index = this.#names.get(name);
    if (index === undefined) throw new Error(`no node is called '${name}'; there are ${[...this.#names.keys()].join(', ')}`);
    return index;
  }

  #node(name: string): NodeRuntime {
    return this.#nodes[this.#index(name)] as NodeRuntime;
  }

  #common(node: NodeRuntime, cause: number): { index: number; time: number; cause: number; node: string; life: number } {
    return { index: this.#events, time: this.#time, cause, node: node.spec.name, life: node.life };
  }

  #emit(event: RunEvent): number {
    this.#events += 1;
    if (this.#keeps === 'events') this.#trace.push(event);
    this.#onlookers.tell(event, this.witness);
    this.#director?.observe(event, this);
    return event.index;
  }

  #emitEffect(node: NodeRuntime, actor: number, effect: Effect, point: PointName | undefined, cause: number): number {
    return this.#emit({
      type: 'effect',
      index: this.#events,
      time: this.#time,
      cause,
      node: node.spec.name,
      life: node.life,
      actor: this.#actorName(node, actor),
      effect,
      point,
    });
  }

  #push(time: number, pair: number, node: number, life: number, cause: number, delivery: Delivery): void {
    const tie = this.choices.choose(tieRange, 'order', mix(pair, time));
    this.#order += 1;
    this.#queue.push({ time, tie, order: this.#order, node, life, cause, delivery });
  }

  #tell(node: NodeRuntime, fromActor: number, actor: number, message: Message, from: string, cause: number): void {
    const pair = mix(node.digest, (fromActor + 1) * 64 + actor);
    this.#push(this.#time, pair, this.#names.get(node.spec.name) ?? -1, node.life, cause, {
      type: 'message',
      actor,
      message,
      from,
    });
  }

  #deliver(node: NodeRuntime, actor: number, message: Message, from: string, cause: number): void {
    const spec = node.spec.actors[actor] as ActorSpec;
    const index = this.#emit({
      type: 'deliver',
      index: this.#events,
      time: this.#time,
      cause,
      node: node.spec.name,
      life: node.life,
      actor: spec.name,
      message,
      from,
    });
    this.#steps += 1;
    this.#hash?.step(this.#time, node.digest, node.life, actor, digestOf(message));
    const { life } = node;
    let step: Step<unknown>;
    try {
      step = spec.receive(node.states[actor] as never, message as never, from);
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#stop(node, `${spec.name} threw ${text}`, true, index);
      return;
    }
    node.states[actor] = step.state;
    for (const effect of step.effects) {
      this.#carryOut(node, actor, effect, index);
      if (!node.isUp || node.life !== life) return;
    }
  }

  #carryOut(node: NodeRuntime, actor: number, effect: Effect, cause: number): void {
    switch (effect.type) {
      case 'tell':
        this.#hash?.effect(1, node.digest);
        this.#tell(node, actor, this.#actor(node, effect.to), effect.message, (node.spec.actors[actor] as ActorSpec).name, cause);
        return;
      case 'observe':
        this.#hash?.effect(2, textDigest(effect.event));
        if (effect.event === 'mark') this.mark(String(effect.detail['name']));
        this.#emitEffect(node, actor, effect, undefined, cause);
        return;
      case 'stop':
        this.#hash?.effect(3, textDigest(effect.reason));
        this.#stop(node, effect.reason, false, cause);
        return;
      default:
        this.#carryOutAtPoint(node, actor, effect, cause);
    }
  }

  /** An effect that touches disk, wire, timer or host: a crash point. */
  #carryOutAtPoint(node: NodeRuntime, actor: number, effect: Effect, cause: number): void {
    const point = nextPoint(node, siteOf(effect) as string);
    if (this.#reached(point, 'before', effect)) return;
    const event = this.#emitEffect(node, actor, effect, point, cause);
    const nodeIndex = this.#names.get(node.spec.name) as number;
    let isDone = true;
    switch (effect.type) {
      case 'disk': {
        this.#hash?.effect(4, digestOf(effect.operation));
        const issued = carryOutDisk(effect, node.disk, node.spec.pretendedSyncs?.has(effect.site) === true);
        if (issued === undefined) break;
        isDone = false;
        const isSync = effect.operation.type === 'sync' || effect.operation.type === 'syncDirectory';
        const late = isSync ? node.syncDelay : 0;
        const wait = late + diskWait(this.#timing, effect.operation, this.choices, mix(node.digest, this.#time));
        const completion: Completion = { ...issued, point };
        this.#push(this.#time + wait, mix(node.digest, 4096 + actor), nodeIndex, node.life, event, {
          type: 'disk',
          actor,
          completion,
        });
        break;
      }
      case 'transmit': {
        const digest = digestOf(effect.data);
        this.#hash?.effect(5, digest);
        const torn = this.#armed.waiting(point, 'torn');
        for (const to of effect.to) if (torn?.heard?.includes(to) !== false) this.#transmit(node, to, effect.data, digest, event);
        break;
      }
      case 'host.ask':
        this.#hash?.effect(6, digestOf(effect.request));
        this.#tell(
          node,
          actor,
          this.#actor(node, 'host'),
          { type: 'ask', request: effect.request } as Message,
          'consensus',
          event,
        );
        break;
      case 'host.decide': {
        this.#hash?.effect(7, digestOf(effect.decision));
        const message = { type: 'decide', decision: effect.decision, height: effect.height } as Message;
        this.#tell(node, actor, this.#actor(node, 'host'), message, 'consensus', event);
        break;
      }
      case 'timer.set': {
        this.#hash?.effect(8, mix(textDigest(effect.timer), effect.delay));
        this.#generation += 1;
        const due = this.#time + effect.delay * (1000 + node.driftPerMille);
        node.timers[actor]?.set(effect.timer, { generation: this.#generation, due });
        const delivery: Delivery = { type: 'timer', actor, timer: effect.timer, generation: this.#generation };
        this.#push(due, mix(node.digest, 8192 + actor), nodeIndex, node.life, event, delivery);
        break;
      }
      case 'timer.cancel':
        this.#hash?.effect(9, textDigest(effect.timer));
        node.timers[actor]?.delete(effect.timer);
        break;
    }
    if (this.#reached(point, 'torn', effect)) return;
    if (isDone) this.#reached(point, 'after', effect);
  }

  #finishDisk(node: NodeRuntime, actor: number, completion: Completion, cause: number): void {
    const answer = finishDisk(completion, node.disk);
    this.#emit({
      type: 'done',
      index: this.#events,
      time: this.#time,
      cause,
      node: node.spec.name,
      life: node.life,
      actor: this.#actorName(node, actor),
      answer,
    });
    const effect: Effect = { type: 'disk', site: answer.site, operation: answer.operation, tag: answer.tag };
    if (this.#reached(completion.point, 'after', effect)) return;
    this.#deliver(node, actor, answer, 'disk', cause);
  }

  #transmit(node: NodeRuntime, to: string, data: Message, digest: number, cause: number): void {
    const target = this.#index(to);
    const route = this.#network.route(node.spec.name, to, data, digest, this.#time, this.choices);
    if (route.lost !== undefined) this.#emit({ type: 'lost', ...this.#common(node, cause), to, data, reason: route.lost });
    const actor = this.#actorIndexes[target]?.get('network') ?? 0;
    const receiver = this.#nodes[target] as NodeRuntime;
    const arriving = route.corrupt === undefined ? data : corrupted(data, route.corrupt, this.choices);
    if (arriving !== data) this.#emit({ type: 'fault', ...this.#common(node, cause), kind: 'corrupted', detail: { to } });
    for (const delay of route.delays) {
      const delivery: Delivery = { type: 'message', actor, message: arriving, from: node.spec.name };
      this.#push(this.#time + delay, mix(node.digest, receiver.digest), target, -1, cause, delivery);
    }
  }

  /** Lets an armed death strike; true when the node died here. */
  #reached(point: PointName, phase: Phase, effect: Effect): boolean {
    if (this.onPoint !== undefined) this.onPoint(point, phase, effect, this);
    if (this.#armed.list.length === 0) return false;
    const death = this.#armed.strike(point, phase);
    if (death === undefined) return false;
    this.die(point.node, death.kind, death.image, pointText(point, phase));
    if (death.restartAfterMs !== undefined) this.schedule(death.restartAfterMs * 1000, { type: 'restart' }, point.node);
    return true;
  }

  #control(nodeIndex: number, action: ControlAction): void {
    const node = this.#nodes[nodeIndex];
    if (action.type === 'restart' && node !== undefined) {
      node.expectedBack = Math.max(0, node.expectedBack - 1);
      if (!node.isUp) this.start(node.spec.name);
    } else this.#director?.control(action, this);
  }

  #stop(node: NodeRuntime, reason: string, threw: boolean, cause: number): void {
    this.#takeDown(node);
    node.stopped = reason;
    this.#emit({ type: 'stopped', ...this.#common(node, cause), reason, threw });
  }

  #takeDown(node: NodeRuntime): void {
    const index = this.#names.get(node.spec.name);
    endLife(node);
    this.#queue.purge((entry) => entry.node === index && entry.life === node.life);
  }

  #actor(node: NodeRuntime, name: string): number {
    const index = this.#actorIndexes[this.#names.get(node.spec.name) ?? -1]?.get(name);
    if (index === undefined) throw new Error(`${node.spec.name} has no actor '${name}'`);
    return index;
  }

  #actorName(node: NodeRuntime, actor: number): string {
    return (node.spec.actors[actor] as ActorSpec).name;
  }
}
