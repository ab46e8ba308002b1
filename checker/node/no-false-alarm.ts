/**
 * `no-false-alarm`: a node reports a damaged or lost log or store only after something damaged its disk. A write that failed with an error is not
 * damage: the node knew of it and stopped. A failed sync is damage: the operating system may have dropped the data that it covered.
 */
import type { Monitor, Property, RunEvent } from '../../core/events.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { harmlessFaults } from './comes-back.ts';

interface Memory extends Judged {
  /** The nodes whose disk may have lost or changed something, in the order of the damage. */
  readonly damaged: readonly string[];
}

/** Faults that leave the disk as it is, or as a death might. */
export const undamaging: readonly string[] = [
  ...harmlessFaults,
  'write-fails',
  'application fails',
  'application executes-otherwise',
];
const syncs: readonly string[] = ['sync', 'syncDirectory'];

/** The reports in which a node says that its disk is damaged, each with the words of the violation. */
const alarms: ReadonlyMap<string, string> = new Map([
  ['abstain.begin', 'abstained from voting, as if its log were lost'],
  ['store.anew', 'began its store anew'],
  ['app.anew', 'began the state of its application anew'],
]);
const alarmsWatched = [...alarms.keys()].map((name) => `observe ${name}` as const);

const monitor: Monitor<Memory> = {
  // It watches these reports only. Another report says how much a boot has lost; if it were watched, equal boots would no longer merge.
  watches: ['restart', 'fault', 'done sync', 'done syncDirectory', 'stopped', ...alarmsWatched],
  start: { ...unjudged, damaged: [] },
  look: (memory, event, observer) => {
    const { node, index } = event;
    if (event.type === 'restart') return memory.isExercised ? memory : { ...memory, isExercised: true };
    if (damages(event)) return memory.damaged.includes(node) ? memory : { ...memory, damaged: [...memory.damaged, node] };
    const alarm = alarmIn(event);
    if (alarm === undefined || memory.damaged.includes(node) || observer.isFaulty(node)) return memory;
    const message = `${node} ${alarm}, though nothing had damaged its disk`;
    return withViolation(memory, { message, event: index, nodes: [node], height: 0 });
  },
  finish: (memory) => verdictOf(memory, 'no node came back'),
  relevant: relevantOf,
};

function damages(event: RunEvent): boolean {
  if (event.type === 'fault') return !undamaging.includes(event.kind);
  return event.type === 'done' && event.answer.error !== undefined && syncs.includes(event.answer.operation.type);
}

/** The alarm that this event raises, in words; undefined if it raises none. */
function alarmIn(event: RunEvent): string | undefined {
  if (event.type === 'stopped')
    return event.code === 'CORRUPT' || event.code === 'GONE' ? `called its disk damaged (${event.reason})` : undefined;
  return event.type === 'effect' && event.effect.type === 'observe' ? alarms.get(event.effect.event) : undefined;
}

export const noFalseAlarm: Property = {
  name: 'no-false-alarm',
  says: 'a node calls its log or store damaged, or gone, only if something damaged its disk',
  hint: 'a death leaves torn and empty files behind, and a refused write leaves a part of it: neither is damage',
  monitor: () => monitor,
};
