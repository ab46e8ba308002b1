/**
 * One real node, followed by the judge. The judge models the node's disk and runs the same actors on the messages that the process recorded. So it
 * knows the states of the actors, and sees whether the process did what they asked for.
 */
import type { NodeSpec } from '../../actors/scheduler/index.ts';
import { digestOf } from '../../core/digest.ts';
import type { Effect, Message } from '../../core/effects.ts';
import { buildNode, type RealAlteration } from '../node/build-node.ts';
import { DiskModel, diskOf } from './disk-model.ts';
import type { JudgedHome } from './node-home.ts';

export class JudgedNode {
  readonly name: string;
  readonly home: JudgedHome;
  readonly model: DiskModel;
  readonly #alteration: RealAlteration | undefined;
  #spec: NodeSpec | undefined;
  #states: unknown[] = [];
  /** The effects that the present step must still execute, in order. */
  #owed: Effect[] = [];
  /** All effects of the present step. */
  effects: readonly Effect[] = [];
  life = 0;
  isUp = false;
  /** The indices of the events of the present step, of the latest effect, and of the present disk operation. */
  step = -1;
  latest = -1;
  operation = -1;

  constructor(home: JudgedHome, alteration: RealAlteration | undefined) {
    this.home = home;
    this.name = home.config.name;
    this.#alteration = alteration;
    this.model = new DiskModel(diskOf(home.files));
  }

  get pretendedSyncs(): ReadonlySet<string> | undefined {
    return this.#spec?.pretendedSyncs;
  }

  boot(life: number, salt: number): void {
    this.#spec = buildNode(this.home.config, this.home.key, salt, this.#alteration);
    this.#states = this.#spec.actors.map(({ start }) => start(life));
    this.#owed = [];
    this.life = life;
    this.isUp = true;
  }

  die(): void {
    this.isUp = false;
    this.#states = [];
    this.#owed = [];
  }

  stateOf(actor: string): unknown {
    const place = this.#placeOf(actor);
    return this.isUp && place !== -1 ? this.#states[place] : undefined;
  }

  /** The actors, in the order of the node's specification; the first one receives the boot. */
  get actors(): readonly string[] {
    return this.#spec?.actors.map(({ name }) => name) ?? [];
  }

  /** Runs the actor on the message. Returns a complaint if the process did not execute an effect of its step before. */
  deliver(actor: string, message: Message, from: string): string | undefined {
    const missing = this.#owed.find(({ type }) => type !== 'tell');
    this.effects = this.#step(this.#placeOf(actor), message, from);
    this.#owed = this.effects.filter(({ type }) => type !== 'tell');
    return missing === undefined ? undefined : `left out an effect of its step: ${missing.type}`;
  }

  /** Compares an effect of the process with what its actor asked for. Returns a complaint if they differ, and else undefined. */
  effect(effect: Effect): string | undefined {
    const owed = this.#owed.shift();
    if (owed !== undefined && digestOf(owed) === digestOf(effect)) return undefined;
    return `carried out ${effect.type}, and its actor asked for ${owed === undefined ? 'nothing more' : owed.type}`;
  }

  /** No effects if the actor throws: its process has stopped too, or does something that was not asked for. */
  #step(place: number, message: Message, from: string): readonly Effect[] {
    const spec = this.#spec?.actors[place];
    if (spec === undefined) throw new Error(`the record of ${this.name} does not begin with its boot`);
    try {
      const { state, effects } = spec.receive(this.#states[place] as never, message as never, from);
      this.#states[place] = state;
      return effects;
    } catch {
      return [];
    }
  }

  #placeOf(actor: string): number {
    return this.#spec?.actors.findIndex(({ name }) => name === actor) ?? -1;
  }
}
