/**
 * Properties of Tendermint nodes. They are judged from outside: from what nodes append, send and decide, and never from what they claim.
 *
 * Each property has a file. The checker decodes frames and messages itself, and shares no code with the nodes.
 *
 * @example
 * import { runScenario, scenario } from 'lazurite';
 * import { tendermintProperties } from './index.ts';
 *
 * const story = scenario('a vote after a death', { A: 1, B: 1, C: 1, D: 1 })
 *   .node('B', (b) => b.crash({ after: 'publish' }).restart({ after: '10ms' }))
 *   .until({ height: 2 });
 * const { properties } = runScenario(story.data);
 * for (const { name, says } of tendermintProperties.slice(0, 2))
 *   console.log(`${name} ${properties.find((one) => one.name === name)?.verdict}: ${says}`);
 * // prints agreement held: correct nodes decide one value at a height, in all of their lives
 * // prints validity held: a decided value was proposed, and is valid
 */
import type { Property } from '../../core/events.ts';
import { soundCertificate } from './certificates.ts';
import { decisionProperties } from './decisions.ts';
import { replayEquivalence } from './replay-equivalence.ts';
import { termination } from './termination.ts';
import { voteProperties } from './votes.ts';
import { writeAhead } from './write-ahead.ts';

export const tendermintProperties: readonly Property[] = [
  ...decisionProperties,
  soundCertificate,
  ...voteProperties,
  writeAhead,
  replayEquivalence,
  termination,
];

export { blockTimes } from './block-time.ts';
export { boundedLog } from './bounded-log.ts';
export { finalization } from './finalization.ts';
export { isOwnMessage } from './statements.ts';
export { voteExtension } from './vote-extension.ts';
