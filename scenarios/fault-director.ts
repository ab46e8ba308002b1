/**
 * Executes a fault plan: it waits for triggers, strikes, and ends faults. A fault that no node can detect makes its node faulty from then on. The director
 * forks with the world.
 */

import type { ControlAction, World } from '../actors/scheduler/index.ts';
import type { RunEvent } from '../core/events.ts';
import { ForkingMap } from '../core/forking-map.ts';
import { fileSystems, type SimulatedDisk } from '../wal/index.ts';
import type { Acknowledged } from './acknowledged.ts';
import { damagedDownMs, damageWhileDown, isUntold, withPartOf } from './damage.ts';
import { FaultOutcomes } from './fault-outcomes.ts';
import type { DiskPart, Fault, PlannedFault } from './faults.ts';
import { linkRule } from './links.ts';
import { isMessage, matches, momentOf } from './moments.ts';
import { armDeath, die } from './planned-deaths.ts';

interface FaultAction extends ControlAction {
  readonly type: 'fault' | 'flap';
  readonly index: number;
}
interface HealAllAction extends ControlAction {
  readonly type: 'heal-all';
}
interface EndAction extends ControlAction {
  readonly type: 'heal' | 'resume' | 'quick-fsync' | 'snapshot-back';
  /** The number of a partition or of bad weather, or a node. */
  readonly id: string;
  /** The part of its disk that is put back (default: all of it). */
  readonly of?: DiskPart;
}
export type PlanAction = FaultAction | EndAction | HealAllAction;

export class FaultDirector {
  readonly #plan: readonly PlannedFault[];
  readonly #safetyMs: number | undefined;
  readonly #awaitsMoments: boolean;
  /** How often the moment of a trigger has come. */
  #counts = new ForkingMap<number, number>();
  #due: readonly number[] = [];
  #isCut = new ForkingMap<number, boolean>();
  /** How many turns of a partition that comes and goes are over. */
  #turns = new ForkingMap<number, number>();
  /** Nodes that are started again each time a fault of their disk has stopped them, and after how many ms. */
  #restarts = new ForkingMap<string, readonly number[]>();
  #snapshots = new ForkingMap<string, SimulatedDisk>();
  /** Nodes that count as faulty when their snapshot is put back. */
  #untrusted: ReadonlySet<string> = new Set();
  #isHealed = false;
  readonly #outcomes: FaultOutcomes;
  /** Undefined: no damage asks for it. */
  readonly acknowledged: Acknowledged | undefined;

  /** `safetyMs`: when everything that can heal is healed, and nothing strikes any more. */
  constructor(
    plan: readonly PlannedFault[],
    safetyMs: number | undefined,
    acknowledged: Acknowledged | undefined,
    outcomes: FaultOutcomes = new FaultOutcomes(plan),
  ) {
    this.#plan = plan;
    this.acknowledged = acknowledged;
    this.#outcomes = outcomes;
    this.#safetyMs = safetyMs;
    this.#awaitsMoments = plan.some(({ trigger }) => 'event' in trigger);
  }

  get isDone(): boolean {
    return this.#due.length === 0;
  }

  begin(world: World): void {
    if (this.#safetyMs !== undefined) later(world, this.#safetyMs, { type: 'heal-all' });
    for (const [index, { trigger, fault }] of this.#plan.entries()) {
      const action: FaultAction = { type: 'fault', index };
      if ('timeMs' in trigger) world.schedule(Math.round(trigger.timeMs * 1000), action);
      else if (!('event' in trigger)) this.#outcomes.armed(index, armDeath(world, trigger, fault));
    }
  }

  /** Faults of the plan that did nothing, in words. */
  idleFaults(world: World): readonly string[] {
    return this.#outcomes.idleFaults(world);
  }

  observe(event: RunEvent, world: World): void {
    this.#outcomes.observe(event, world);
    this.acknowledged?.observe(event, world);
    if (event.type === 'stopped') {
      const [restartMs, ...more] = this.#restarts.get(event.node) ?? [];
      if (restartMs !== undefined) {
        this.#restarts.set(event.node, more);
        world.schedule(restartMs * 1000, { type: 'restart' }, event.node);
      }
    }
    if (!this.#awaitsMoments || this.#isHealed) return;
    const moment = momentOf(event);
    if (moment === undefined) return;
    for (const [index, { trigger }] of this.#plan.entries()) {
      if (!('event' in trigger) || !matches(trigger, moment) || (trigger.node ?? moment.node) !== moment.node) continue;
      const count = (this.#counts.get(index) ?? 0) + 1;
      this.#counts.set(index, count);
      if (count === (trigger.nth ?? 1)) this.#due = [...this.#due, index];
    }
  }

  act(world: World): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    this.#due = [];
    for (const index of due) this.#strike(world, index);
  }

  control(action: PlanAction, world: World): void {
    switch (action.type) {
      case 'fault':
        this.#strike(world, action.index);
        break;
      case 'heal-all':
        this.#healAll(world);
        break;
      case 'flap':
        this.#flap(world, action.index);
        break;
      case 'heal':
        world.network.heal(action.id);
        this.#outcomes.endedBy(action.id);
        break;
      case 'resume':
        world.resume(action.id);
        this.#outcomes.ended('pause', action.id);
        break;
      case 'quick-fsync':
        world.setSyncDelay(action.id, 0);
        this.#outcomes.ended('slow-fsync', action.id);
        break;
      case 'snapshot-back':
        this.#putBack(world, action.id, action.of);
        break;
    }
  }

  fork(): FaultDirector {
    // Without a plan nothing ever changes.
    if (this.#plan.length === 0 && this.#safetyMs === undefined && this.acknowledged === undefined) return this;
    const copy = new FaultDirector(this.#plan, this.#safetyMs, this.acknowledged?.fork(), this.#outcomes.fork());
    copy.#counts = this.#counts.fork();
    copy.#due = this.#due;
    copy.#isCut = this.#isCut.fork();
    copy.#turns = this.#turns.fork();
    copy.#restarts = this.#restarts.fork();
    copy.#untrusted = this.#untrusted;
    copy.#isHealed = this.#isHealed;
    copy.#snapshots = new ForkingMap(new Map([...this.#snapshots].map(([node, disk]) => [node, disk.fork()])));
    return copy;
  }

  /** What of it can still matter, as plain data. */
  present(): unknown {
    if (this.#plan.length === 0) return { isHealed: this.#isHealed, acknowledged: this.acknowledged?.present() };
    return {
      acknowledged: this.acknowledged?.present(),
      counts: this.#counts.snapshot(),
      due: this.#due,
      isCut: this.#isCut.snapshot(),
      turns: this.#turns.snapshot(),
      restarts: this.#restarts.snapshot(),
      snapshots: new Map([...this.#snapshots].map(([node, disk]) => [node, disk.present()])),
      untrusted: [...this.#untrusted].sort(),
      isHealed: this.#isHealed,
    };
  }

  #strike(world: World, index: number): void {
    const fault = this.#plan[index]?.fault;
    if (fault === undefined || this.#isHealed) return;
    const id = `fault ${index + 1}`;
    this.#outcomes.struck(index);
    switch (fault.type) {
      case 'crash':
      case 'kill':
        if (!fault.nodes.some((node) => world.isUp(node)))
          this.#outcomes.idle(index, `${fault.nodes.join(', ')} ${fault.nodes.length > 1 ? 'were' : 'was'} down already`);
        for (const node of fault.nodes) die(world, node, fault);
        break;
      case 'pause':
        if (!world.isUp(fault.node)) this.#outcomes.idle(index, `${fault.node} was down`);
        else if (world.isPaused(fault.node)) this.#outcomes.idle(index, `${fault.node} was paused already`);
        world.pause(fault.node);
        later(world, fault.forMs, { type: 'resume', id: fault.node });
        break;
      case 'drift':
        world.setDrift(fault.node, fault.perMille);
        break;
      case 'slow-fsync':
        world.setSyncDelay(fault.node, fault.byMs * 1000);
        later(world, fault.forMs, { type: 'quick-fsync', id: fault.node });
        break;
      case 'partition':
        world.network.cut({ id, groups: fault.groups, oneWay: fault.oneWay });
        if (fault.forMs !== undefined) later(world, fault.forMs, { type: 'heal', id });
        if (fault.flapMs !== undefined) later(world, fault.flapMs, { type: 'flap', index });
        this.#isCut.set(index, true);
        break;
      case 'message': {
        const { from, to, where = {}, nth, fate } = fault;
        const matches = (data: object): boolean => isMessage(where, data);
        const becomes =
          typeof fate === 'string' ? { type: fate } : { type: 'at' as const, delay: Math.round(fate.afterMs * 1000) };
        world.network.intercept({ id, from, to, matches, nth, fate: becomes });
        break;
      }
      case 'rule': {
        const { from, to, where = {}, fate, forMs = endlessMs } = fault;
        const matches = (data: object): boolean => isMessage(where, data);
        const becomes =
          typeof fate === 'string' ? { type: fate } : { type: 'at' as const, delay: Math.round(fate.afterMs * 1000) };
        world.noteFault(from?.[0] ?? world.nodes[0] ?? '', 'rule', { forMs });
        world.network.addRule({ id, from, to, matches, fate: becomes, isMet: false });
        if (fault.forMs !== undefined) later(world, forMs, { type: 'heal', id });
        break;
      }
      case 'timer':
        if (!world.fireTimer(fault.node, fault.timer)) this.#outcomes.idle(index, `${fault.node} had no such timer armed`);
        break;
      case 'weather':
        world.network.degrade(id, linkRule(fault.link));
        later(world, fault.forMs, { type: 'heal', id });
        break;
      default:
        this.#hurt(world, fault, index, id);
    }
  }

  /** Ends the safety phase: permanent faults stay, and all others end. */
  #healAll(world: World): void {
    this.#isHealed = true;
    this.#outcomes.healed(world);
    for (const { id } of world.armed) world.disarm(id);
    for (const index of this.#plan.keys()) {
      world.network.heal(`fault ${index + 1}`);
      for (const node of world.nodes) world.disk(node).lift(`fault ${index + 1}`);
    }
    // Also what a script has cut off without end.
    for (const { id } of world.network.partitions) world.network.heal(id);
    for (const node of world.nodes) {
      if (world.isPaused(node)) world.resume(node);
      world.heal(node);
    }
  }

  /** On and off in turns, until the partition would have healed. */
  #flap(world: World, index: number): void {
    const fault = this.#plan[index]?.fault;
    if (fault?.type !== 'partition' || fault.flapMs === undefined || this.#isHealed) return;
    const id = `fault ${index + 1}`;
    const isCut = this.#isCut.get(index) === true;
    if (isCut) world.network.heal(id);
    else world.network.cut({ id, groups: fault.groups, oneWay: fault.oneWay });
    this.#isCut.set(index, !isCut);
    const turns = Math.max(2, Math.floor((fault.forMs ?? 10 * fault.flapMs) / fault.flapMs));
    const turn = (this.#turns.get(index) ?? 0) + 1;
    this.#turns.set(index, turn);
    if (turn < turns) later(world, fault.flapMs, { type: 'flap', index });
    else world.network.heal(id);
  }

  /** Faults of a node's disk. */
  #hurt(world: World, fault: Exclude<Fault, { readonly nodes: readonly string[] }>, index: number, id: string): void {
    if (!('node' in fault)) return;
    const { node } = fault;
    const disk = world.disk(node);
    world.noteFault(node, fault.type, { ...fault });
    switch (fault.type) {
      case 'fsync-fails':
        this.#restarts.set(node, [...(this.#restarts.get(node) ?? []), fault.restartMs]);
        disk.inject({ type: 'sync-fails', id, file: `${fault.file}/`, content: fileSystems[fault.fileSystem].content });
        break;
      case 'write-fails':
        this.#restarts.set(node, [...(this.#restarts.get(node) ?? []), fault.restartMs]);
        disk.inject({ type: 'write-fails', id, file: `${fault.file}/`, code: fault.code, written: fault.written });
        break;
      case 'fsync-lies':
        disk.inject({ type: 'sync-lies', id });
        if (fault.keepCorrect !== true) world.markFaulty(node, 'its disk acknowledges syncs and drops them');
        break;
      case 'unsafe-overwrite':
        disk.inject({ type: 'unsafe-overwrite', id });
        if (fault.keepCorrect !== true && isUntold(disk, 'wal'))
          world.markFaulty(node, 'its disk loses what is synced in a sector that it writes when power fails');
        break;
      case 'lost-write':
      case 'misdirected':
        disk.inject({ type: fault.type, id, file: `${fault.file ?? 'wal'}/` });
        if (fault.keepCorrect !== true && fault.file !== 'blocks')
          world.markFaulty(node, 'a write that its disk acknowledged went astray');
        break;
      case 'old-snapshot':
        this.#snapshots.set(node, disk.snapshot());
        // An older file of the signer, or an older state of the application, is as one that a death left: the log and the blocks decide.
        if (fault.keepCorrect !== true && fault.of !== 'signer' && fault.of !== 'app')
          this.#untrusted = new Set(this.#untrusted).add(node);
        later(world, fault.afterMs, { type: 'snapshot-back', id: node, ...(fault.of === undefined ? {} : { of: fault.of }) });
        break;
      default:
        if (!damageWhileDown(world, fault, this.acknowledged))
          this.#outcomes.idle(index, `the disk of ${node} had nothing that it could damage`);
    }
  }

  #putBack(world: World, node: string, of: DiskPart | undefined): void {
    const snapshot = this.#snapshots.get(node);
    if (snapshot === undefined) return;
    this.#snapshots.delete(node);
    this.#outcomes.acted('old-snapshot', node);
    if (world.isUp(node)) world.die(node, 'power');
    snapshot.powerLoss('none');
    world.replaceDisk(node, of === undefined ? snapshot : withPartOf(world.disk(node), snapshot, of));
    if (this.#untrusted.has(node)) world.markFaulty(node, 'an older state of its disk was put back');
    world.schedule(damagedDownMs * 1000, { type: 'restart' }, node);
  }
}

/** Longer than any run: a fault without an end. */
const endlessMs = 1_000_000_000;

function later(world: World, afterMs: number, action: PlanAction): void {
  world.schedule(afterMs * 1000, action);
}
