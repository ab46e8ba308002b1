/**
 * `says-again`: after a replay, a node publishes each own message of the present height again, to all peers, within a bound. Otherwise a peer that
 * missed the message the first time would wait for ever. The replayed messages are durable, so the node need not wait before it sends them.
 */

import type { NodeDefinition } from '../../actors/node/definition.ts';
import type { Monitor, Property, RunEvent, Setting } from '../../core/events.ts';
import { deepEqual } from '../deep-equal.ts';
import { relevantOf, unjudged, verdictOf } from '../judged.ts';
import { frameKind, type LogFrame, logFramesIn } from './frames.ts';
import { type Findings, lookByNode, type NodeRecords } from './node-records.ts';
import { type AnyDefinition, saidIn } from './twin.ts';

interface NodeRecord {
  /** The frames of own messages of the present height. */
  readonly frames: readonly LogFrame[];
  /** The sequence of the last replayed frame of this life. */
  readonly replayed: number;
  /** The messages that the node must still send again in this life, and since when (microseconds). */
  readonly owed: readonly Owed[];
  readonly since: number;
}

interface Owed {
  readonly data: unknown;
  /** The peers that have not received it again. */
  readonly to: readonly string[];
}

const nothing: NodeRecord = { frames: [], replayed: 0, owed: [], since: 0 };

/** The node must have sent them this many milliseconds after the end of the replay. */
const boundMs = 10;

function monitorOf(setting: Setting, definitionOf: (config: unknown) => AnyDefinition): Monitor<NodeRecords<NodeRecord>> {
  const { nodes, configurations, links, syncOnly = [] } = setting;
  const peersOf = (node: string): readonly string[] =>
    (links?.get(node) ?? nodes).filter((name) => name !== node && !syncOnly.includes(name));
  const owedBy = (node: string, frames: readonly LogFrame[]): readonly Owed[] => {
    const peers = peersOf(node);
    if (peers.length === 0) return [];
    return saidIn(definitionOf(configurations.get(node)), frames).map((data) => ({ data, to: peers }));
  };
  return {
    watches: ['deliver consensus', 'disk append', 'effect transmit', 'death', 'stopped', 'fault'],
    start: { ...unjudged, nodes: nodes.map(() => nothing) },
    look: lookByNode(setting, (record, event, observer, findings) => {
      const { node } = event;
      const next = look(record, event, findings, (frames) => owedBy(node, frames));
      if (findings.wrong.length > 0 && (observer.isFaulty(node) || observer.isAbstaining(node))) findings.wrong = [];
      return next;
    }),
    finish: (memory) => verdictOf(memory, 'no node came back with own messages in its log'),
    relevant: (memory, now) =>
      relevantOf({
        ...memory,
        nodes: memory.nodes.map(({ since, ...record }) => ({ ...record, waited: record.owed.length === 0 ? 0 : now - since })),
      }),
  };
}

type OwedFor = (frames: readonly LogFrame[]) => readonly Owed[];

function look(record: NodeRecord, event: RunEvent, findings: Findings, owedFor: OwedFor): NodeRecord {
  switch (event.type) {
    case 'death':
    case 'stopped':
      return record.owed.length === 0 ? record : { ...record, owed: [] };
    case 'fault':
      // A paused process sends nothing, and the monitor does not know when it resumes. So nothing is owed.
      return event.kind === 'paused' && record.owed.length > 0 ? { ...record, owed: [] } : record;
    case 'effect':
      return afterEffect(record, event);
    case 'deliver':
      return delivered(record, event, findings, owedFor);
    default:
      return record;
  }
}

function afterEffect(record: NodeRecord, event: RunEvent): NodeRecord {
  if (event.type !== 'effect') return record;
  const { effect } = event;
  if (effect.type === 'transmit') {
    if (record.owed.length === 0) return record;
    if (!record.owed.some(({ data }) => deepEqual(data, effect.data))) return record;
    const afterSending = ({ data, to }: Owed): Owed =>
      deepEqual(data, effect.data) ? { data, to: to.filter((name) => !effect.to.includes(name)) } : { data, to };
    return { ...record, owed: record.owed.map(afterSending).filter(({ to }) => to.length > 0) };
  }
  if (effect.type !== 'disk' || effect.operation.type !== 'append' || event.actor !== 'consensus') return record;
  let { frames } = record;
  for (const frame of logFramesIn(effect.operation.bytes)) {
    if (frame.kind === frameKind.start) frames = [];
    else if (frame.kind === frameKind.own) frames = [...frames, frame];
  }
  return frames === record.frames ? record : { ...record, frames };
}

function delivered(record: NodeRecord, event: RunEvent, findings: Findings, owedFor: OwedFor): NodeRecord {
  if (event.type !== 'deliver' || event.actor !== 'consensus') return record;
  const message = event.message as { readonly type: string; readonly sequence?: number };
  if (message.type === 'recovered') return { ...record, replayed: 0, owed: [] };
  if (message.type === 'replay.frame') return { ...record, replayed: message.sequence ?? 0 };
  if (message.type === 'replay.end') {
    const frames = record.frames.filter(({ sequence }) => sequence <= record.replayed);
    const owed = owedFor(frames);
    if (owed.length > 0) findings.isExercised = true;
    return { ...record, frames, owed, since: event.time };
  }
  if (record.owed.length === 0 || event.time <= record.since + boundMs * 1000) return record;
  const count = record.owed.length;
  findings.complain(
    `has not said again ${count === 1 ? 'one own message' : `${count} own messages`} that its log holds, ${boundMs} ms after its replay`,
  );
  return { ...record, owed: [] };
}

/** The property `says-again`, for the nodes of one protocol. */
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
