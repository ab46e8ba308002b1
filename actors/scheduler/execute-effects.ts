/** Delivers messages to actors, and carries out the effects that they answer with, one at a time: each that touches the world is a crash point. */

import { digestOf, mix, textDigest } from '../../core/digest.ts';
import { type Effect, type Message, type Step, siteOf } from '../../core/effects.ts';
import type { PointName } from '../../core/events.ts';
import { corrupted } from '../../network-sim/index.ts';
import { carryOutDisk, diskWait, finishDisk } from './disk-effects.ts';
import type { Completion } from './event-heap.ts';
import { armTimer, disarmTimer, type NodeRuntime, nextPoint } from './node-runtime.ts';
import type { Works } from './run-context.ts';
import type { ActorSpec } from './spec.ts';

export function deliver(works: Works, node: NodeRuntime, actor: number, message: Message, from: string, cause: number): void {
  const { chronicle, time } = works;
  const spec = node.spec.actors[actor] as ActorSpec;
  const { name } = spec;
  const { life } = node;
  const index = works.emit({
    type: 'deliver',
    index: chronicle.events,
    time,
    cause,
    node: node.spec.name,
    life,
    actor: name,
    message,
    from,
  });
  works.steps += 1;
  chronicle.hash?.step(time, node.digest, life, actor, digestOf(message));
  let step: Step<unknown>;
  try {
    step = spec.receive(node.states[actor] as never, message as never, from);
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    works.stop(node, `${name} threw ${text}`, true, index);
    return;
  }
  node.states[actor] = step.state;
  for (const effect of step.effects) {
    carryOut(works, node, actor, effect, index);
    if (!node.isUp || node.life !== life) return;
  }
}

function carryOut(works: Works, node: NodeRuntime, actor: number, effect: Effect, cause: number): void {
  const { hash } = works.chronicle;
  switch (effect.type) {
    case 'tell': {
      hash?.effect(1, node.digest);
      const to = works.cast.actorOf(node.place, effect.to);
      const from = (node.spec.actors[actor] as ActorSpec).name;
      works.mailroom.tell(works.time, node, actor, cause, { actor: to, message: effect.message, from });
      return;
    }
    case 'observe':
      hash?.effect(2, textDigest(effect.event));
      if (effect.event === 'mark') works.chronicle.mark(String(effect.detail['name']));
      emitEffect(works, node, actor, effect, undefined, cause);
      return;
    case 'stop':
      hash?.effect(3, textDigest(effect.reason));
      works.stop(node, effect.reason, false, cause);
      return;
    default:
      carryOutAtPoint(works, node, actor, effect, cause);
  }
}

/** An effect that touches disk, wire, timer or host: a crash point. */
function carryOutAtPoint(works: Works, node: NodeRuntime, actor: number, effect: Effect, cause: number): void {
  const point = nextPoint(node, siteOf(effect) as string);
  if (works.reached(point, 'before', effect)) return;
  const event = emitEffect(works, node, actor, effect, point, cause);
  const { hash } = works.chronicle;
  const isDone = effect.type !== 'disk' || issueDisk(works, node, actor, effect, point, event);
  switch (effect.type) {
    case 'transmit': {
      const digest = digestOf(effect.data);
      hash?.effect(5, digest);
      const heard = works.heardBefore(point);
      for (const to of effect.to) if (heard?.includes(to) !== false) transmit(works, node, to, effect.data, digest, event);
      break;
    }
    case 'host.ask':
      hash?.effect(6, digestOf(effect.request));
      tellHost(works, node, actor, { type: 'ask', request: effect.request } as Message, event);
      break;
    case 'host.decide': {
      hash?.effect(7, digestOf(effect.decision));
      const { decision, height } = effect;
      tellHost(works, node, actor, { type: 'decide', decision, height } as Message, event);
      break;
    }
    case 'timer.set': {
      hash?.effect(8, mix(textDigest(effect.timer), effect.delay));
      const generation = works.mailroom.nextGeneration();
      const due = works.time + effect.delay * (1000 + node.driftPerMille);
      armTimer(node, { actor, timer: effect.timer, generation, due });
      works.mailroom.timer(due, node, event, { type: 'timer', actor, timer: effect.timer, generation });
      break;
    }
    case 'timer.cancel':
      hash?.effect(9, textDigest(effect.timer));
      disarmTimer(node, actor, effect.timer);
      break;
    default:
      break;
  }
  if (works.reached(point, 'torn', effect)) return;
  if (isDone) works.reached(point, 'after', effect);
}

/** True when it is over at once, and nobody is told. */
function issueDisk(
  works: Works,
  node: NodeRuntime,
  actor: number,
  effect: Effect & { readonly type: 'disk' },
  point: PointName,
  event: number,
): boolean {
  const { operation, site } = effect;
  works.chronicle.hash?.effect(4, digestOf(operation));
  const issued = carryOutDisk(effect, node.disk, node.spec.pretendedSyncs?.has(site) === true);
  if (issued === undefined) return true;
  if (operation.type === 'read') node.readers |= 1 << actor;
  const isSync = operation.type === 'sync' || operation.type === 'syncDirectory';
  const wait = diskWait(works.timing, operation, works.choices, mix(node.digest, works.time));
  const done = works.time + wait + (isSync ? node.syncDelay : 0);
  works.mailroom.disk(done, node, event, {
    type: 'disk',
    actor,
    completion: { answer: issued.answer, ticket: issued.ticket, point },
  });
  return false;
}

function tellHost(works: Works, node: NodeRuntime, actor: number, message: Message, event: number): void {
  const host = works.cast.actorOf(node.place, 'host');
  works.mailroom.tell(works.time, node, actor, event, { actor: host, message, from: 'consensus' });
}

/** The second instant of a disk operation. */
export function complete(works: Works, node: NodeRuntime, actor: number, completion: Completion, cause: number): void {
  const answer = finishDisk(completion, node.disk);
  const { name } = node.spec.actors[actor] as ActorSpec;
  const { chronicle, time } = works;
  works.emit({ type: 'done', index: chronicle.events, time, cause, node: node.spec.name, life: node.life, actor: name, answer });
  const effect: Effect = { type: 'disk', site: answer.site, operation: answer.operation, tag: answer.tag };
  if (works.reached(completion.point, 'after', effect)) return;
  deliver(works, node, actor, answer, 'disk', cause);
}

export function transmit(works: Works, node: NodeRuntime, to: string, data: Message, digest: number, cause: number): void {
  const { network, chronicle, choices, cast, time } = works;
  const target = cast.placeOf(to);
  const route = network.route(node.spec.name, to, data, digest, time, choices);
  if (route.lost !== undefined)
    works.emit({ type: 'lost', ...chronicle.common(time, node, cause), to, data, reason: route.lost });
  const actor = cast.findActor(target, 'network') ?? 0;
  const receiver = works.nodes[target] as NodeRuntime;
  const arriving = route.corrupt === undefined ? data : corrupted(data, route.corrupt, choices);
  if (arriving !== data) works.emit({ type: 'fault', ...chronicle.common(time, node, cause), kind: 'corrupted', detail: { to } });
  const pair = mix(node.digest, receiver.digest);
  for (const delay of route.delays) {
    const delivery = { type: 'message', actor, message: arriving, from: node.spec.name } as const;
    works.mailroom.push(time + delay, pair, { node: target, life: -1, cause }, delivery);
  }
}

function emitEffect(
  works: Works,
  node: NodeRuntime,
  actor: number,
  effect: Effect,
  point: PointName | undefined,
  cause: number,
): number {
  return works.emit({
    type: 'effect',
    index: works.chronicle.events,
    time: works.time,
    cause,
    node: node.spec.name,
    life: node.life,
    actor: (node.spec.actors[actor] as ActorSpec).name,
    effect,
    point,
  });
}
