/**
 * The checker's own implementation of the simulated application, whose state is a digest chained over the height and value of each decision. It is
 * written from docs/formats/wal.md, so that a fault in the application's own code is found.
 */

import { folded, ofText } from '../digest.ts';

/** The state before any block. */
export const firstState = 0;

/** The state after a decision: the digest of the list [state, height, value]. */
export function chained(state: number, { height, value }: { readonly height: number; readonly value: string }): number {
  return [ofNumber(state), ofNumber(height), ofText(value, 2)].reduce(folded, folded(9, 3));
}

function ofNumber(value: number): number {
  if ((value | 0) === value) return folded(1, value);
  return folded(folded(1, value | 0), Math.floor(value / 2 ** 32));
}
