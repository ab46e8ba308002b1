/** Properties about votes, judged from outside: from what nodes append, transmit and decide, never from what they claim. */
import type { Property } from '../../record.ts';
import { decisionProperties } from './decisions.ts';
import { durableProperties } from './durable.ts';
import { termination } from './termination.ts';
import { voteProperties } from './votes.ts';

export const tendermintProperties: readonly Property[] = [
  ...decisionProperties,
  ...voteProperties,
  ...durableProperties,
  termination,
];

export { isOwnMessage } from './signed.ts';
