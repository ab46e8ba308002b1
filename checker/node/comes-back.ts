/**
 * `comes-back`: a node whose disk was never damaged and never failed must come back after every kill and every loss of power. It is a violation if
 * such a node stops, for example because its boot calls the disk corrupt.
 */

import type { Monitor, Property } from '../../core/events.ts';
import { own } from '../../core/own.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';

/** The kinds of faults that do not touch the disk. */
export const harmlessFaults: readonly string[] = [
  'paused',
  'resumed',
  'drift',
  'slow-fsync',
  'corrupted',
  'timer',
  'rule',
  'application slow',
  'starts late',
  'never starts',
  'disk copied',
];

interface Memory extends Judged {
  /** The nodes that had a fault that may have touched their disk. */
  readonly hurt: Readonly<Record<string, true>>;
}

const monitor: Monitor<Memory> = {
  watches: ['restart', 'stopped', 'fault'],
  start: { ...unjudged, hurt: {} },
  look: (memory, event, observer) => {
    const { node, index } = event;
    const { hurt, isExercised } = memory;
    if (event.type === 'restart') return isExercised ? memory : { ...memory, isExercised: true };
    if (event.type === 'fault')
      return own(hurt, node) === true || harmlessFaults.includes(event.kind)
        ? memory
        : { ...memory, hurt: { ...hurt, [node]: true } };
    if (event.type !== 'stopped' || own(hurt, node) === true || observer.isFaulty(node)) return memory;
    const message = `${node} stopped, though nothing but deaths had happened to it: ${event.reason}`;
    return withViolation(memory, { message, event: index, nodes: [node], height: 0 });
  },
  finish: (memory) => verdictOf(memory, 'no node came back'),
  relevant: relevantOf,
};

export const comesBack: Property = {
  name: 'comes-back',
  says: 'a node whose disk was never damaged comes back from every death',
  hint: 'remove nothing before its successor is durable, and call damage only what something durable says was durable',
  monitor: () => monitor,
};
