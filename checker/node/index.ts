/**
 * Properties of nodes of any protocol: what a durable node must do. They do not depend on the protocol's messages.
 *
 * A property is data with a monitor. The monitor watches events and looks at disks; it shares no code with the nodes.
 *
 * @example
 * import { runScenario, scenario } from 'lazurite';
 * import { nodeProperties } from './index.ts';
 *
 * const { properties } = runScenario(scenario('one', { A: 1 }).until({ height: 2 }).data);
 * for (const { name } of nodeProperties) console.log(name, properties.find((one) => one.name === name)?.verdict);
 * // prints no-exception held
 * // prints comes-back undecided
 * // prints no-false-alarm undecided
 */

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
