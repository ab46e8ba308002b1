/**
 * Wrapping one actor of a node: the exhibit's way to be broken in one place only.
 */
import type { Effect, Message, Step } from '../actors/effects.ts';
import type { ActorSpec, NodeSpec } from '../actors/scheduler/index.ts';

/** The honest actor's `receive`, as a wrapper calls it. */
export type Receive = (state: unknown, message: Message, from: string) => Step<unknown>;

export function wrapActor(spec: NodeSpec, name: string, wrap: (receive: Receive) => Receive): NodeSpec {
  const actors = spec.actors.map((actor): ActorSpec => {
    if (actor.name !== name) return actor;
    return { ...actor, receive: wrap(actor.receive as Receive) as ActorSpec['receive'] };
  });
  return { ...spec, actors };
}

export function hasStopped(effects: readonly Effect[], reason: string): boolean {
  return effects.some((effect) => effect.type === 'stop' && effect.reason.startsWith(reason));
}
