import type { Violation } from '../core/events.ts';

/** What was found so far, for a monitor's fingerprint: where different things were found, different words are told in the end. */
export function wordsOf(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ message }) => message);
}
