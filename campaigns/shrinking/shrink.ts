/**
 * Shrinks a failing case of any type. The search is greedy and deterministic: the first smaller case that still fails replaces the present one, until no
 * smaller case fails.
 *
 * The caller defines the smaller cases (`smaller`, the largest reductions first) and when a case fails (`fails`).
 */

export interface Shrunk<Case> {
  readonly smallest: Case;
  /** The number of cases that were tried. */
  readonly tries: number;
  /** Whether no smaller case of `smallest` fails. False if the search ended after `maxTries`. */
  readonly isMinimal: boolean;
}

/** Replaces the failing case by a smaller failing case, again and again. It ends when no smaller case fails, or after `maxTries` cases. */
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
