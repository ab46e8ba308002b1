/**
 * Shrinking: a failing case is made smaller as long as it still fails in the same way. Greedy and deterministic: the first smaller case
 * that fails is taken, and all is tried again, until no single step can be taken away.
 *
 * Knows nothing of what a case is: smaller ones come from `smaller`, the largest steps first.
 */

export interface Shrunk<Case> {
  readonly smallest: Case;
  /** Cases that were run. */
  readonly tries: number;
  /** No smaller case of the last round fails: it is minimal, not only out of patience. */
  readonly isMinimal: boolean;
}

/** Replaces a failing case by a smaller one that fails, until none does or `maxTries` candidates were tried. */
export function shrink<Case>(
  failing: Case,
  smaller: (from: Case) => Iterable<Case>,
  fails: (candidate: Case) => boolean,
  maxTries: number,
): Shrunk<Case> {
  let smallest = failing;
  let tries = 0;
  for (;;) {
    let found: Case | undefined;
    for (const candidate of smaller(smallest)) {
      if (tries >= maxTries) return { smallest, tries, isMinimal: false };
      tries += 1;
      if (!fails(candidate)) continue;
      found = candidate;
      break;
    }
    if (found === undefined) return { smallest, tries, isMinimal: true };
    smallest = found;
  }
}
