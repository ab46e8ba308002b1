/**
 * `replay-equivalence`: recovery restores at least the frames that were acknowledged as durable. The state after replay is the state that the living
 * node had after the same frame.
 *
 * States are compared with the checker's own equality. A node that died within a step may have logged only a part of the step's frames. Then there is no
 * earlier state to compare with; such recoveries are only counted here, and `crash-is-pause` judges them.
 */

import type { Monitor, Observer, Property, RunEvent, Setting } from '../../core/events.ts';
import { deepEqual } from '../deep-equal.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { copiedDisk } from '../node/copied-disk.ts';
import { type CoreState, coreOf } from './core-state.ts';
import { framesIn } from './decode.ts';

/** The state of the living node after a step. `sequence` is the last frame that the step appended. */
interface Snapshot {
  readonly sequence: number;
  readonly core: CoreState;
}

interface NodeRecord {
  /** The height that the rest of this record is about. */
  readonly height: number;
  readonly acknowledged: number;
  readonly snapshots: readonly Snapshot[];
  /** The newest append. The state is recorded when its step is over. */
  readonly appended: { readonly sequence: number; readonly height: number } | undefined;
  /** The last frame that was replayed in this life. */
  readonly replayed: number;
  /** The frames that this life found and has not yet replayed. Before that it must not write to the log of this height. */
  readonly unreplayed: number;
}

interface Memory extends Judged {
  /** In the order of the setting's nodes; undefined: nothing is known of the node. */
  readonly nodes: readonly (NodeRecord | undefined)[];
  /** The number of recoveries that ended within a step of an earlier life, so that there was no state to compare with. */
  readonly withinSteps: number;
}

interface ConsensusMessage {
  readonly type: string;
  readonly sequence?: number;
  readonly height?: number;
  readonly frames?: number;
}

/** The result of one event: the new record of its node, and what was found. */
interface Looked {
  readonly record: NodeRecord | undefined;
  readonly wrong?: string;
  readonly height?: number;
  readonly isCompared?: boolean;
  readonly isWithinStep?: boolean;
}

function monitorOf({ nodes }: Setting): Monitor<Memory> {
  const places = new Map(nodes.map((node, place) => [node, place]));
  return {
    watches: ['deliver consensus', 'disk append', 'death', 'stopped', 'fault'],
    start: { ...unjudged, nodes: nodes.map(() => undefined), withinSteps: 0 },
    look: (memory, event, observer) => {
      const place = places.get(event.node) as number;
      const copied = copiedDisk(event);
      const before = memory.nodes[copied === undefined ? place : (places.get(copied.from) as number)];
      const {
        record,
        wrong,
        height = 0,
        isCompared = false,
        isWithinStep = false,
      } = look(before, copied?.death ?? event, observer);
      let next = memory;
      if (record !== memory.nodes[place] || isWithinStep || (isCompared && !memory.isExercised))
        next = {
          violations: memory.violations,
          isExercised: memory.isExercised || isCompared,
          nodes: memory.nodes.with(place, record),
          withinSteps: memory.withinSteps + (isWithinStep ? 1 : 0),
        };
      if (wrong === undefined) return next;
      const { node, index } = event;
      return withViolation(next, { message: `${node} ${wrong}`, event: index, nodes: [node], height });
    },
    finish: (memory) =>
      verdictOf(
        memory,
        memory.withinSteps === 0
          ? 'no node came back with something to replay'
          : `no state was compared: ${memory.withinSteps} ${memory.withinSteps === 1 ? 'recovery' : 'recoveries'} ended within a step (crash-is-pause compares those with the fold of their frames)`,
      ),
    relevant: ({ withinSteps, ...memory }) => [relevantOf(memory), withinSteps > 0],
  };
}

function look(record: NodeRecord | undefined, event: RunEvent, observer: Observer): Looked {
  const { node } = event;
  if (event.type === 'effect') return written(record, event, observer);
  // The node died within the step of its last append, so there is no state to record.
  if (event.type === 'death' || event.type === 'stopped')
    return { record: record === undefined ? record : { ...record, appended: undefined, unreplayed: 0 } };
  if (event.type !== 'deliver' || event.actor !== 'consensus') return { record };
  const rested = atRest(record, node, observer);
  const message = event.message as ConsensusMessage;
  switch (message.type) {
    case 'flushed':
      if (rested === undefined || (message.sequence ?? 0) <= rested.acknowledged) return { record: rested };
      return { record: { ...rested, acknowledged: message.sequence ?? 0 } };
    case 'recovered':
      return recovered(rested, node, message, observer);
    case 'replay.frame':
      return { record: rested === undefined ? rested : { ...rested, replayed: message.sequence ?? 0 } };
    case 'replay.end':
      return compared(rested === undefined ? rested : { ...rested, unreplayed: 0 }, node, observer);
    default:
      return { record: rested };
  }
}

const emptyRecord: NodeRecord = { height: 0, acknowledged: 0, snapshots: [], appended: undefined, replayed: 0, unreplayed: 0 };

function written(record: NodeRecord | undefined, event: RunEvent, observer: Observer): Looked {
  const next = appended(record, event, observer);
  if (record === undefined || next?.appended === undefined || next.appended === record.appended) return { record: next };
  const { height, unreplayed } = record;
  if (unreplayed === 0 || next.appended.height !== height || observer.isFaulty(event.node)) return { record: next };
  const wrong = `wrote to the log of height ${height}, and had not replayed the ${unreplayed} frames that it had found there`;
  return { record: { ...next, unreplayed: 0 }, wrong, height };
}

function appended(record: NodeRecord | undefined, event: RunEvent, observer: Observer): NodeRecord | undefined {
  if (event.type !== 'effect' || event.effect.type !== 'disk' || event.effect.operation.type !== 'append') return record;
  // Boot copies frames into a new file; these appends are not steps of the protocol.
  if (event.actor !== 'consensus' || !event.effect.operation.file.startsWith('wal/')) return record;
  const sequence = framesIn(event.effect.operation.bytes).at(-1)?.sequence;
  const height = coreOf(observer, event.node)?.height;
  if (sequence === undefined || height === undefined) return record;
  const { height: known, acknowledged, snapshots, replayed, unreplayed } = record ?? emptyRecord;
  return { height: known, acknowledged, snapshots, appended: { sequence, height }, replayed, unreplayed };
}

/** Records the state when a step with appends is over. */
function atRest(record: NodeRecord | undefined, node: string, observer: Observer): NodeRecord | undefined {
  if (record?.appended === undefined) return record;
  const { sequence, height } = record.appended;
  const core = coreOf(observer, node);
  if (core === undefined || core.height !== height) return { ...record, appended: undefined };
  const isSame = record.height === height;
  const snapshots = isSame ? [...record.snapshots, { sequence, core }] : [{ sequence, core }];
  return {
    height,
    acknowledged: isSame ? record.acknowledged : 0,
    snapshots,
    appended: undefined,
    replayed: record.replayed,
    unreplayed: isSame ? record.unreplayed : 0,
  };
}

function recovered(record: NodeRecord | undefined, node: string, message: ConsensusMessage, observer: Observer): Looked {
  const { height = 0, frames = 0 } = message;
  if (record === undefined) return { record };
  const unreplayed = height === record.height ? frames : 0;
  const next = { ...record, replayed: 0, unreplayed, snapshots: frames === 0 ? [] : record.snapshots };
  if (observer.isFaulty(node) || record.acknowledged === 0) return { record: next };
  // A node that has lost its log and abstains is not compared: it must not vote.
  if (observer.isAbstaining(node)) return { record: undefined };
  if (height > record.height || (height === record.height && frames > 0)) return { record: next };
  const wrong = `came back at height ${height} with ${frames} frames; at height ${record.height} frame ${record.acknowledged} had been acknowledged as durable`;
  return { record: next, wrong, height };
}

function compared(record: NodeRecord | undefined, node: string, observer: Observer): Looked {
  const core = coreOf(observer, node);
  if (record === undefined || core === undefined || core.height !== record.height || observer.isFaulty(node)) return { record };
  const { height, replayed: last, acknowledged } = record;
  if (last < acknowledged) {
    const wrong = `replayed up to frame ${last} of height ${height}; frame ${acknowledged} had been acknowledged as durable`;
    return { record, wrong, height };
  }
  const snapshot = record.snapshots.findLast(({ sequence }) => sequence === last);
  // The node has acted on the replayed frames. A later recovery must restore all of them, but nothing that earlier lives wrote after them.
  const next = { ...record, acknowledged: last, snapshots: [{ sequence: last, core }], replayed: 0 };
  if (snapshot === undefined) return { record: next, isWithinStep: true };
  if (deepEqual(snapshot.core, core)) return { record: next, isCompared: true };
  return {
    record: next,
    isCompared: true,
    wrong: `is another after replay than it was at frame ${last} of height ${height}`,
    height,
  };
}

export const replayEquivalence: Property = {
  name: 'replay-equivalence',
  says: 'recovery yields at least what was acknowledged, and the state after replay is the one the living node had',
  hint: 'nothing acknowledged may be cut at recovery, and replay must apply the same inputs in the same order',
  monitor: monitorOf,
};
