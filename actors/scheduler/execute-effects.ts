/** Delivers messages to actors and executes their effects one at a time. Each effect on disk, network, timers or host is a crash point with three phases. */

import { digestOf, mix, textDigest } from '../../core/digest.ts';
import { type Effect, type Message, type Step, siteOf } from '../../core/effects.ts';
import type { PointName } from '../../core/events.ts';
import { corrupted } from '../../network-sim/index.ts';
import { diskWait, finishDisk, issueDiskEffect } from './disk-effects.ts';
import type { Completion } from './event-heap.ts';
import { armTimer, disarmTimer, type NodeRuntime, nextPoint } from './node-runtime.ts';
import type { RunContext } from './run-context.ts';
import type { ActorSpec } from './spec.ts';

export function deliver(
  context: RunContext,
  node: NodeRuntime,
  actor: number,
  message: Message,
  from: string,
  cause: number,
): void {
  const { recorder, time } = context;
  const spec = node.actors[actor] as ActorSpec;
  const { name } = spec;
  const { life } = node;
  const index = context.emit({
    type: 'deliver',
    index: recorder.events,
    time,
    cause,
    node: node.spec.name,
    life,
    actor: name,
    message,
    from,
  });
  context.steps += 1;
  recorder.hash?.step(time, node.digest, life, actor, digestOf(message));
  let step: Step<unknown>;
  try {
    step = spec.receive(node.states[actor] as never, message as never, from);
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    context.stop(node, `${name} threw ${text}`, true, index);
    return;
  }
  node.states[actor] = step.state;
  for (const effect of step.effects) {
    execute(context, node, actor, effect, index);
    if (!node.isUp || node.life !== life) return;
  }
}

function execute(context: RunContext, node: NodeRuntime, actor: number, effect: Effect, cause: number): void {
  const { hash } = context.recorder;
  switch (effect.type) {
    case 'tell': {
      hash?.effect(1, node.digest);
      const to = context.directory.actorOf(node.place, effect.to);
      const from = (node.actors[actor] as ActorSpec).name;
      context.deliveries.tell(context.time, node, actor, cause, { actor: to, message: effect.message, from });
      return;
    }
    case 'observe':
      hash?.effect(2, textDigest(effect.event));
      if (effect.event === 'mark') context.recorder.mark(String(effect.detail['name']));
      emitEffect(context, node, actor, effect, undefined, cause);
      return;
    case 'stop':
      hash?.effect(3, textDigest(effect.reason));
      context.stop(node, effect.reason, false, cause, effect.code);
      return;
    default:
      executeAtPoint(context, node, actor, effect, cause);
  }
}

/**
 * Executes an effect on disk, network, timer or host. The node may die before it, during it (`torn`) or after it. If the disk needs time for an operation,
 * the phase `after` comes in `complete`.
 */
function executeAtPoint(context: RunContext, node: NodeRuntime, actor: number, effect: Effect, cause: number): void {
  const point = nextPoint(node, siteOf(effect) as string);
  if (context.diesAt(point, 'before', effect)) return;
  const event = emitEffect(context, node, actor, effect, point, cause);
  const { hash } = context.recorder;
  const isDone = effect.type !== 'disk' || issueDisk(context, node, actor, effect, point, event);
  switch (effect.type) {
    case 'transmit': {
      const digest = digestOf(effect.data);
      hash?.effect(5, digest);
      const reached = context.receiversBeforeDeath(point);
      const receivers = reached === undefined ? effect.to : effect.to.filter((to) => reached.includes(to));
      for (const to of receivers) transmit(context, node, to, effect.data, digest, event);
      break;
    }
    case 'host.ask':
      hash?.effect(6, digestOf(effect.request));
      tellHost(context, node, actor, { type: 'ask', request: effect.request, ...wallClockOf(context, node) } as Message, event);
      break;
    case 'host.decide': {
      hash?.effect(7, digestOf(effect.decision));
      const { decision, height } = effect;
      tellHost(context, node, actor, { type: 'decide', decision, height } as Message, event);
      break;
    }
    case 'timer.set': {
      hash?.effect(8, mix(textDigest(effect.timer), effect.delay));
      const generation = context.deliveries.nextGeneration();
      // Delays are in ms and times in microseconds; a drift of 1 per mille is 1 microsecond per ms.
      const due = context.time + effect.delay * (1000 + node.driftPerMille);
      armTimer(node, { actor, timer: effect.timer, generation, due });
      context.deliveries.timer(due, node, event, { type: 'timer', actor, timer: effect.timer, generation });
      break;
    }
    case 'timer.cancel':
      hash?.effect(9, textDigest(effect.timer));
      disarmTimer(node, actor, effect.timer);
      break;
    default:
      break;
  }
  if (context.diesAt(point, 'torn', effect)) return;
  if (isDone) context.diesAt(point, 'after', effect);
}

/** Starts a disk operation. Returns true if the operation has ended already; such an operation sends no answer to the actor. */
function issueDisk(
  context: RunContext,
  node: NodeRuntime,
  actor: number,
  effect: Effect & { readonly type: 'disk' },
  point: PointName,
  event: number,
): boolean {
  const { operation, site } = effect;
  context.recorder.hash?.effect(4, digestOf(operation));
  const issued = issueDiskEffect(effect, node.disk, node.spec.pretendedSyncs?.has(site) === true);
  if (issued === undefined) return true;
  if (operation.type === 'read') node.readers |= 1 << actor;
  const isSync = operation.type === 'sync' || operation.type === 'syncDirectory';
  const wait = diskWait(context.timing, operation, context.choices, mix(node.digest, context.time));
  const done = context.time + wait + (isSync ? node.syncDelay : 0);
  context.deliveries.disk(done, node, event, {
    type: 'disk',
    actor,
    completion: { answer: issued.answer, ticket: issued.ticket, point },
  });
  return false;
}

/** A clock that is set back before the beginning of time shows 0. */
function wallClockOf({ time }: RunContext, { spec, life }: NodeRuntime): { readonly clock?: number } {
  return spec.wallClock === undefined ? {} : { clock: Math.max(0, Math.floor(time / 1000) + spec.wallClock(life)) };
}

function tellHost(context: RunContext, node: NodeRuntime, actor: number, message: Message, event: number): void {
  const host = context.directory.actorOf(node.place, 'host');
  context.deliveries.tell(context.time, node, actor, event, { actor: host, message, from: 'consensus' });
}

/** Ends a disk operation, and delivers its answer to the actor unless the node dies after the operation. */
export function complete(context: RunContext, node: NodeRuntime, actor: number, completion: Completion, cause: number): void {
  const answer = finishDisk(completion, node.disk);
  const { name } = node.actors[actor] as ActorSpec;
  const { recorder, time } = context;
  context.emit({ type: 'done', index: recorder.events, time, cause, node: node.spec.name, life: node.life, actor: name, answer });
  const effect: Effect = { type: 'disk', site: answer.site, operation: answer.operation, tag: answer.tag };
  if (context.diesAt(completion.point, 'after', effect)) return;
  deliver(context, node, actor, answer, 'disk', cause);
}

export function transmit(context: RunContext, node: NodeRuntime, to: string, data: Message, digest: number, cause: number): void {
  const { network, recorder, choices, directory, time } = context;
  const target = directory.placeOf(to);
  const route = network.route(node.spec.name, to, data, digest, time, choices);
  if (route.lost !== undefined)
    context.emit({ type: 'lost', ...recorder.common(time, node, cause), to, data, reason: route.lost });
  const actor = directory.findActor(target, 'network') ?? 0;
  const receiver = context.nodes[target] as NodeRuntime;
  const arriving = route.corrupt === undefined ? data : corrupted(data, route.corrupt, choices);
  if (arriving !== data)
    context.emit({ type: 'fault', ...recorder.common(time, node, cause), kind: 'corrupted', detail: { to } });
  const pair = mix(node.digest, receiver.digest);
  for (const delay of route.delays) {
    const delivery = { type: 'message', actor, message: arriving, from: node.spec.name } as const;
    context.deliveries.push(time + delay, pair, { node: target, life: -1, cause }, delivery);
  }
}

function emitEffect(
  context: RunContext,
  node: NodeRuntime,
  actor: number,
  effect: Effect,
  point: PointName | undefined,
  cause: number,
): number {
  return context.emit({
    type: 'effect',
    index: context.recorder.events,
    time: context.time,
    cause,
    node: node.spec.name,
    life: node.life,
    actor: (node.actors[actor] as ActorSpec).name,
    effect,
    point,
  });
}
