/**
 * One node as a process: what the scheduler is to a simulated node. Delivers messages to actors in the order in which they came. Carries
 * out their effects one at a time, on real files, sockets and timers. Each step runs to its end before the next message is taken.
 *
 * Not modelled: a disk that answers later. Operations are synchronous (within 1.02 of a bare loop when measured), so a sync holds up the node.
 */

import type { ActorSpec, NodeSpec } from '../../actors/scheduler/index.ts';
import { beginLife, newRuntime, nextPoint } from '../../actors/scheduler/node-runtime.ts';
import { type DiskAnswer, type DiskEffect, type Effect, type Message, siteOf, type WireData } from '../../core/effects.ts';
import type { Phase, PointName } from '../../core/events.ts';
import { SimulatedDisk, type Storage } from '../../wal/index.ts';
import { carryOutDisk } from './carry-out-disk.ts';

/** What happened, as it is recorded: before an effect is carried out, and before a message is handled. */
export type Happening =
  | { readonly type: 'deliver'; readonly actor: string; readonly message: Message; readonly from: string }
  | { readonly type: 'effect'; readonly actor: string; readonly effect: Effect; readonly point: PointName | undefined }
  | { readonly type: 'done'; readonly actor: string; readonly answer: DiskAnswer };

export interface RealNodeParts {
  readonly spec: NodeSpec;
  readonly life: number;
  readonly storage: Storage;
  readonly transmit: (to: string, data: WireData) => void;
  readonly record: (happening: Happening) => void;
  /** Called at each crash point, before and after its effect. It may never return. `tear`: carries out a part of the effect. */
  readonly reached: (point: PointName, phase: Phase, tear: (share: number) => void) => void;
  /** The node stops by itself, or an actor threw. */
  readonly stopped: (reason: string, code: string | undefined) => void;
}

interface Delivery {
  readonly actor: number;
  readonly message: Message;
  readonly from: string;
}

/** Messages handled in one turn of the event loop. */
const turnMessages = 64;
/** More than this, and what peers send is dropped. */
const maxQueued = 4096;

export class RealNode {
  readonly #parts: RealNodeParts;
  readonly #runtime: ReturnType<typeof newRuntime>;
  readonly #places: ReadonlyMap<string, number>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #queue: Delivery[] = [];
  #isBusy = false;
  #isUp = true;

  constructor(parts: RealNodeParts) {
    this.#parts = parts;
    const { spec, life } = parts;
    // The disk of the runtime is the scheduler's; real files take its place.
    this.#runtime = newRuntime(spec, 0, new SimulatedDisk());
    this.#runtime.life = life - 1;
    beginLife(this.#runtime);
    this.#places = new Map(spec.actors.map(({ name }, place) => [name, place]));
  }

  boot(): void {
    this.#deliver({ actor: 0, message: { type: 'boot', life: this.#parts.life } as Message, from: 'scheduler' });
  }

  /** What came from a peer that was authenticated. False: the node has too much to do, and this is dropped; peers say it again. */
  receive(data: WireData, from: string): boolean {
    if (this.#queue.length > maxQueued) return false;
    this.#deliver({ actor: this.#place('network'), message: data, from });
    return true;
  }

  /** No timer elapses any more, and nothing is handled. */
  end(): void {
    this.#isUp = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#queue = [];
  }

  #deliver(delivery: Delivery): void {
    this.#queue.push(delivery);
    if (!this.#isBusy) this.#drain();
  }

  /** Handles what is queued, with a pause now and then: sockets and signals must have their turn though there is always more to do. */
  #drain(): void {
    this.#isBusy = true;
    for (let handled = 0; handled < turnMessages && this.#isUp; handled += 1) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      this.#handle(next);
    }
    this.#isBusy = this.#isUp && this.#queue.length > 0;
    if (this.#isBusy) setImmediate(() => this.#drain());
  }

  #handle({ actor, message, from }: Delivery): void {
    const { spec, record } = this.#parts;
    const { name, receive } = spec.actors[actor] as ActorSpec;
    record({ type: 'deliver', actor: name, message, from });
    let effects: readonly Effect[];
    try {
      const step = receive(this.#runtime.states[actor] as never, message as never, from);
      this.#runtime.states[actor] = step.state;
      effects = step.effects;
    } catch (error) {
      this.#stop(`${name} threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`, undefined);
      return;
    }
    for (const effect of effects) {
      if (!this.#isUp) return;
      this.#execute(actor, name, effect);
    }
  }

  #execute(actor: number, name: string, effect: Effect): void {
    if (effect.type === 'tell') {
      this.#queue.push({ actor: this.#place(effect.to), message: effect.message, from: name });
      return;
    }
    const { record, reached } = this.#parts;
    const site = siteOf(effect);
    const point = site === undefined ? undefined : nextPoint(this.#runtime, site);
    if (point !== undefined) reached(point, 'before', () => undefined);
    record({ type: 'effect', actor: name, effect, point });
    if (point !== undefined) reached(point, 'torn', (share) => this.#tear(effect, share));
    this.#do(actor, name, effect);
    if (point !== undefined) reached(point, 'after', () => undefined);
  }

  #do(actor: number, name: string, effect: Effect): void {
    switch (effect.type) {
      case 'disk':
        this.#disk(actor, name, effect);
        return;
      case 'transmit':
        for (const to of effect.to) this.#parts.transmit(to, effect.data);
        return;
      case 'host.ask':
        this.#queue.push({
          actor: this.#place('host'),
          message: { type: 'ask', request: effect.request } as Message,
          from: 'consensus',
        });
        return;
      case 'host.decide': {
        const { decision, height } = effect;
        this.#queue.push({
          actor: this.#place('host'),
          message: { type: 'decide', decision, height } as Message,
          from: 'consensus',
        });
        return;
      }
      case 'timer.set':
        this.#setTimer(actor, effect.timer, effect.delay);
        return;
      case 'timer.cancel':
        clearTimeout(this.#timers.get(`${actor} ${effect.timer}`));
        this.#timers.delete(`${actor} ${effect.timer}`);
        return;
      case 'stop':
        this.#stop(effect.reason, effect.code);
        return;
      default:
        return;
    }
  }

  #disk(actor: number, name: string, effect: DiskEffect): void {
    const { spec, storage, record } = this.#parts;
    const answer = carryOutDisk(effect, storage, spec.pretendedSyncs?.has(effect.site) === true);
    if (answer === undefined) return;
    record({ type: 'done', actor: name, answer });
    this.#queue.push({ actor, message: answer, from: 'disk' });
  }

  /** A part of what is written or sent, for a death in the middle of it. */
  #tear(effect: Effect, share: number): void {
    const { storage, transmit } = this.#parts;
    if (effect.type === 'transmit')
      for (const to of effect.to.slice(0, Math.floor(effect.to.length * share))) transmit(to, effect.data);
    if (effect.type === 'disk' && effect.operation.type === 'append') {
      const { file, bytes } = effect.operation;
      storage.append(file, bytes.subarray(0, Math.floor(bytes.length * share)));
    }
  }

  #setTimer(actor: number, timer: string, delay: number): void {
    const key = `${actor} ${timer}`;
    clearTimeout(this.#timers.get(key));
    const elapsed = (): void => {
      this.#timers.delete(key);
      this.#deliver({ actor, message: { type: 'timer', timer } as Message, from: 'timer' });
    };
    this.#timers.set(key, setTimeout(elapsed, delay));
  }

  #stop(reason: string, code: string | undefined): void {
    this.end();
    this.#parts.stopped(reason, code);
  }

  #place(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`the node has no actor '${name}'`);
    return place;
  }
}
