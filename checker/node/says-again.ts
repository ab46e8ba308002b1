/**
 * `says-again`: after a replay each own message of the present height, as its log holds it, is published again in this life, to all peers, within a bound. A
 * peer that lost it the first time would otherwise wait for ever. Everything that was replayed is durable, so nothing holds these messages back.
 */

import type { NodeDefinition } from '../../actors/node/definition.ts';
import type { Monitor, Property, RunEvent, Setting } from '../../core/events.ts';
import { deepEqual } from '../deep-equal.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { copiedDisk } from './copied-disk.ts';
import { frameKind, type LogFrame, logFramesIn } from './frames.ts';
import { type AnyDefinition, saidIn } from './twin.ts';

interface NodeRecord {
  /** Own frames of the present height. */
  readonly frames: readonly LogFrame[];
  readonly replayed: number;
  /** What it has not yet said again in this life, to whom, and since when it owes that (microseconds). */
  readonly owed: readonly Owed[];
  readonly since: number;
}

interface Owed {
  readonly data: unknown;
  readonly to: readonly string[];
}

interface Memory extends Judged {
  /** In the order of the setting's nodes. */
  readonly nodes: readonly NodeRecord[];
}

const nothing: NodeRecord = { frames: [], replayed: 0, owed: [], since: 0 };

/** Milliseconds after the end of the replay. */
const boundMs = 10;

interface Looked {
  readonly record: NodeRecord;
  readonly isExercised?: boolean;
  readonly wrong?: string;
}

function monitorOf({ nodes, configurations, links }: Setting, definitionOf: (config: unknown) => AnyDefinition): Monitor<Memory> {
  const peersOf = (node: string): readonly string[] => links?.get(node) ?? nodes.filter((name) => name !== node);
  return {
    watches: ['deliver consensus', 'disk append', 'effect transmit', 'death', 'stopped', 'fault'],
    start: { ...unjudged, nodes: nodes.map(() => nothing) },
    look: (memory, event, observer) => {
      const { node, index } = event;
      const place = nodes.indexOf(node);
      const copied = copiedDisk(event);
      const before = memory.nodes[copied === undefined ? place : nodes.indexOf(copied.from)];
      if (before === undefined) return memory;
      const {
        record,
        isExercised = false,
        wrong,
      } = look(before, copied?.death ?? event, (frames) =>
        peersOf(node).length === 0
          ? []
          : saidIn(definitionOf(configurations.get(node)), frames).map((data) => ({ data, to: peersOf(node) })),
      );
      let next = memory;
      if (record !== memory.nodes[place] || (isExercised && !memory.isExercised))
        next = {
          violations: memory.violations,
          isExercised: memory.isExercised || isExercised,
          nodes: memory.nodes.with(place, record),
        };
      if (wrong === undefined || observer.isFaulty(node) || observer.isAbstaining(node)) return next;
      return withViolation(next, { message: `${node} ${wrong}`, event: index, nodes: [node], height: 0 });
    },
    finish: (memory) => verdictOf(memory, 'no node came back with own messages in its log'),
    relevant: (memory, now) =>
      relevantOf({
        ...memory,
        nodes: memory.nodes.map(({ since, ...record }) => ({ ...record, waited: record.owed.length === 0 ? 0 : now - since })),
      }),
  };
}

type OwedFor = (frames: readonly LogFrame[]) => readonly Owed[];

function look(record: NodeRecord, event: RunEvent, owedFor: OwedFor): Looked {
  switch (event.type) {
    case 'death':
    case 'stopped':
      return { record: record.owed.length === 0 ? record : { ...record, owed: [] } };
    case 'fault':
      // A process that stands still says nothing, and owes it later than can be told.
      return { record: event.kind === 'paused' && record.owed.length > 0 ? { ...record, owed: [] } : record };
    case 'effect':
      return { record: afterEffect(record, event) };
    case 'deliver':
      return delivered(record, event, owedFor);
    default:
      return { record };
  }
}

function afterEffect(record: NodeRecord, event: RunEvent): NodeRecord {
  if (event.type !== 'effect') return record;
  const { effect } = event;
  if (effect.type === 'transmit') {
    if (record.owed.length === 0) return record;
    if (!record.owed.some(({ data }) => deepEqual(data, effect.data))) return record;
    const told = ({ data, to }: Owed): Owed =>
      deepEqual(data, effect.data) ? { data, to: to.filter((name) => !effect.to.includes(name)) } : { data, to };
    return { ...record, owed: record.owed.map(told).filter(({ to }) => to.length > 0) };
  }
  if (effect.type !== 'disk' || effect.operation.type !== 'append' || event.actor !== 'consensus') return record;
  let { frames } = record;
  for (const frame of logFramesIn(effect.operation.bytes)) {
    if (frame.kind === frameKind.start) frames = [];
    else if (frame.kind === frameKind.own) frames = [...frames, frame];
  }
  return frames === record.frames ? record : { ...record, frames };
}

function delivered(record: NodeRecord, event: RunEvent, owedFor: OwedFor): Looked {
  if (event.type !== 'deliver' || event.actor !== 'consensus') return { record };
  const message = event.message as { readonly type: string; readonly sequence?: number };
  if (message.type === 'recovered') return { record: { ...record, replayed: 0, owed: [] } };
  if (message.type === 'replay.frame') return { record: { ...record, replayed: message.sequence ?? 0 } };
  if (message.type === 'replay.end') {
    const frames = record.frames.filter(({ sequence }) => sequence <= record.replayed);
    const owed = owedFor(frames);
    return { record: { ...record, frames, owed, since: event.time }, isExercised: owed.length > 0 };
  }
  if (record.owed.length === 0 || event.time <= record.since + boundMs * 1000) return { record };
  const count = record.owed.length;
  const wrong = `has not said again ${count === 1 ? 'one own message' : `${count} own messages`} that its log holds, ${boundMs} ms after its replay`;
  return { record: { ...record, owed: [] }, wrong };
}

/** The property for nodes of one protocol. */
export function saysAgain<Config, State, Input, Message>(
  definitionOf: (config: Config) => NodeDefinition<Config, State, Input, Message>,
): Property {
  return {
    name: 'says-again',
    says: 'after a replay each own message of the present height is published again',
    hint: 'after a replay, send every own message of the present height, also those that were sent before the death',
    monitor: (setting) => monitorOf(setting, definitionOf as unknown as (config: unknown) => AnyDefinition),
  };
}
