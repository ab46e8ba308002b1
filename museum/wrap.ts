/**
 * Wraps one actor of a node, so that an exhibit is broken in one place only.
 */

import type { ActorSpec, NodeSpec } from '../actors/scheduler/index.ts';
import type { DiskAnswer, DiskEffect, Effect, Message, Step, StopCode } from '../core/effects.ts';

/** The honest actor's `receive`, as a wrapper calls it. */
export type Receive = (state: unknown, message: Message, from: string) => Step<unknown>;

export function wrapActor(spec: NodeSpec, name: string, wrap: (receive: Receive) => Receive): NodeSpec {
  const actors = spec.actors.map((actor): ActorSpec => {
    if (actor.name !== name) return actor;
    return { ...actor, receive: wrap(actor.receive as Receive) as ActorSpec['receive'] };
  });
  return { ...spec, actors };
}

export function hasStopped(effects: readonly Effect[], code: StopCode): boolean {
  return effects.some((effect) => effect.type === 'stop' && effect.code === code);
}

/** The disk effects that an exhibit omits are answered as if they had been carried out. */
export function withoutDisk(spec: NodeSpec, actor: string, isLeftOut: (effect: DiskEffect, state: unknown) => boolean): NodeSpec {
  return wrapActor(spec, actor, (receive) => (state, message, from) => {
    const { state: next, effects } = receive(state, message, from);
    const changed = effects.map((effect): Effect => {
      if (effect.type !== 'disk' || !isLeftOut(effect, state)) return effect;
      const { site, tag, operation } = effect;
      const answer: DiskAnswer = { type: 'disk.answer', site, tag, operation };
      return { type: 'tell', to: actor, message: answer };
    });
    return { state: next, effects: changed };
  });
}

/** The answers of the disk as the actor should have taken them, changed before it sees them. */
export function withAnswers(spec: NodeSpec, actor: string, change: (answer: DiskAnswer) => DiskAnswer): NodeSpec {
  return wrapActor(
    spec,
    actor,
    (receive) => (state, message, from) =>
      receive(state, message.type === 'disk.answer' ? change(message as DiskAnswer) : message, from),
  );
}
