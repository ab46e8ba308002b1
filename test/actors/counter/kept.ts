/**
 * `kept`: what left the counter is never lost and never contradicted. Remembers each number that was sent and each decision that was handed
 * over, over all lives, and asks of each recovery whether it brought them back. Reads what is delivered and sent; shares no code with the log.
 */

import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../../../checker/judged.ts';
import type { DeliverEvent, Monitor, Property, RunEvent } from '../../../core/events.ts';
import type { Add } from './counter.ts';

const kinds = ['number', 'decision'] as const;
type Kind = (typeof kinds)[number];

/** What the frames read back so far hold of the height that is replayed. */
interface Replay {
  readonly height: number;
  readonly number: number | undefined;
  readonly decision: number | undefined;
}

interface Memory extends Judged {
  /** By height. */
  readonly left: Readonly<Record<Kind, Readonly<Record<number, number>>>>;
  readonly replay: Replay | undefined;
}

const monitor: Monitor<Memory> = {
  watches: ['deliver consensus', 'effect transmit', 'effect host.decide'],
  start: { ...unjudged, isExercised: true, left: { number: {}, decision: {} }, replay: undefined },
  look: (memory, event) => {
    if (event.type === 'deliver') return readBack(memory, event);
    if (event.type !== 'effect') return memory;
    const { effect } = event;
    if (effect.type === 'transmit' && effect.data.type === 'add') {
      const { height, amount } = effect.data as Add;
      return leaves(memory, event, 'number', height, amount);
    }
    if (effect.type !== 'host.decide') return memory;
    const { height, sum } = effect.decision as { readonly height: number; readonly sum: number };
    return leaves(memory, event, 'decision', height, sum);
  },
  finish: (memory) => verdictOf(memory, ''),
  relevant: relevantOf,
};

function leaves(memory: Memory, event: RunEvent, kind: Kind, height: number, value: number): Memory {
  const before = memory.left[kind][height];
  if (before === value) return memory;
  const next = { ...memory, left: { ...memory.left, [kind]: { ...memory.left[kind], [height]: value } } };
  return before === undefined
    ? next
    : violated(next, event, height, `${kind} ${value} left at height ${height}, after ${before} had left`);
}

function readBack(memory: Memory, event: DeliverEvent): Memory {
  const message = event.message as DeliverEvent['message'] & {
    readonly height: number;
    readonly frames: number;
    readonly kind: string;
    readonly payload: Uint8Array;
  };
  const { left, replay } = memory;
  if (message.type === 'recovered') {
    const { height, frames } = message;
    const begun = { ...memory, replay: { height, number: undefined, decision: undefined } };
    const last = Math.max(...Object.keys(left.number).map(Number));
    const words = `came back at height ${height}; a number of height ${last} had left`;
    const next = height < last ? violated(begun, event, last, words) : begun;
    return frames === 0 ? compared(next, event, begun.replay) : next;
  }
  if (replay === undefined) return memory;
  if (message.type === 'replay.end') return compared(memory, event, replay);
  if (message.type !== 'replay.frame') return memory;
  const { kind, payload } = message;
  if (kind !== 'own' && kind !== 'decided') return memory;
  const { amount, sum } = JSON.parse(new TextDecoder().decode(payload)) as { readonly amount: number; readonly sum: number };
  return { ...memory, replay: { ...replay, ...(kind === 'own' ? { number: amount } : { decision: sum }) } };
}

/** The replay is over: it must have brought back what had left. */
function compared(memory: Memory, event: RunEvent, replay: Replay): Memory {
  const { height } = replay;
  let next: Memory = { ...memory, replay: undefined };
  for (const kind of kinds) {
    const left = memory.left[kind][height];
    if (left === undefined || replay[kind] === left) continue;
    const words = `${kind} ${left} had left at height ${height}, and ${replay[kind] ?? 'nothing'} came back`;
    next = violated(next, event, height, words);
  }
  return next;
}

function violated(memory: Memory, { index, node }: RunEvent, height: number, message: string): Memory {
  return withViolation(memory, { message, event: index, nodes: [node], height });
}

export const kept: Property = {
  name: 'kept',
  says: 'what left is never lost and never contradicted, over all lives',
  monitor: () => monitor,
};
