/** Properties of any protocol: what a durable node owes, whatever it votes on. */

import type { Monitor, Property } from '../../core/events.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { comesBack } from './comes-back.ts';
import { noFalseAlarm } from './no-false-alarm.ts';

/** A node that stops because an actor threw, or because its replay diverged from the log, is a violation. */
const noException: Monitor<Judged> = {
  watches: ['stopped'],
  start: { ...unjudged, isExercised: true },
  look: (memory, event) => {
    if (event.type !== 'stopped') return memory;
    const { node, index, reason, threw, code } = event;
    if (!threw && code !== 'REPLAY_DIVERGENCE') return memory;
    return withViolation(memory, { message: `${node} stopped: ${reason}`, event: index, nodes: [node], height: 0 });
  },
  finish: (memory) => verdictOf(memory, ''),
  relevant: relevantOf,
};

export const nodeProperties: readonly Property[] = [
  { name: 'no-exception', says: 'no actor throws, and no replay diverges from its log', monitor: () => noException },
  comesBack,
  noFalseAlarm,
];

export { crashIsPause } from './crash-is-pause.ts';
export { saysAgain } from './says-again.ts';
