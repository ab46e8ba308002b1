/** What a property has found so far, as part of its monitor's memory: plain data that is replaced and never changed. */
import type { Verdict, Violation } from '../core/events.ts';

export interface Judged {
  /** The first eight. */
  readonly violations: readonly Violation[];
  /** Whether anything happened that the property judges. */
  readonly isExercised: boolean;
}

export const unjudged: Judged = { violations: [], isExercised: false };

const mostViolations = 8;

/** The memory with one violation more; the same memory when it has eight already. */
export function withViolation<Memory extends Judged>(memory: Memory, violation: Violation): Memory {
  const { violations } = memory;
  return violations.length < mostViolations ? { ...memory, violations: [...violations, violation] } : memory;
}

/** `unexercised`: the reason for being undecided when nothing happened that the property judges. */
export function verdictOf({ violations, isExercised }: Judged, unexercised: string): Verdict {
  if (violations.length > 0) return { verdict: 'violated', violations };
  return isExercised ? { verdict: 'held', violations } : { verdict: 'undecided', violations, reason: unexercised };
}

/** The memory with the messages of its violations in their place: the numbers of events change no later verdict. */
export function relevantOf<Memory extends Judged>(
  memory: Memory,
): Omit<Memory, 'violations'> & { readonly violations: readonly string[] } {
  return { ...memory, violations: memory.violations.map(({ message }) => message) };
}
