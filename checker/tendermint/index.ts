/** Properties about votes, judged from outside: from what nodes append, transmit and decide, never from what they claim. */
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

export { boundedLog } from './bounded-log.ts';
export { isOwnMessage } from './statements.ts';
