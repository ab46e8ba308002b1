/** The exit code of a campaign: that of its gravest outcome. */

/** What may be true of a campaign at its end. */
export interface Ending {
  readonly isInterrupted?: boolean;
  /** A surprise: something was violated, did nothing, or was expected to fail and did not. */
  readonly isViolated?: boolean;
  /** Not all was judged to its end, or not exercised. */
  readonly isUndecided?: boolean;
  /** Nothing matched, so nothing was run. */
  readonly isEmpty?: boolean;
  /** A replay ended with another hash than was recorded. */
  readonly isOther?: boolean;
}

/** The others: 2 for a mistake in usage or in a file, and 70 for a bug, are errors (main.ts) and go before 1. */
export const exitCodes = { usage: 2, bug: 70 } as const;

/** In this order: 130 before 1, 3, 4 and 5. */
export function exitCodeOf({ isInterrupted, isViolated, isUndecided, isEmpty, isOther }: Ending): number {
  // 128 and the number of the signal, as shells count.
  if (isInterrupted === true) return 130;
  if (isViolated === true) return 1;
  if (isUndecided === true) return 3;
  if (isEmpty === true) return 4;
  return isOther === true ? 5 : 0;
}
