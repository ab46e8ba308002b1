/** Properties about votes, judged from outside: from what nodes append, transmit and store, never from what they claim. */
import type { Property } from '../../record.ts';

export const tendermintProperties: readonly Property[] = [];
