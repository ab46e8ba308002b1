/** The findings of a property so far. They are part of its monitor's memory, which is plain data and never modified in place. */
import type { Verdict, Violation } from '../core/events.ts';

export interface Judged {
  /** The first eight violations. */
  readonly violations: readonly Violation[];
  /** Whether anything happened that the property judges. */
  readonly isExercised: boolean;
}

export const unjudged: Judged = { violations: [], isExercised: false };

const mostViolations = 8;

/** The memory with one more violation; unchanged if it has eight already. */
export function withViolation<Memory extends Judged>(memory: Memory, violation: Violation): Memory {
  const { violations } = memory;
  return violations.length < mostViolations ? { ...memory, violations: [...violations, violation] } : memory;
}

/** The verdict of these findings. `unexercised` is the reason of an undecided verdict, when nothing happened that the property judges. */
export function verdictOf({ violations, isExercised }: Judged, unexercised: string): Verdict {
  if (violations.length > 0) return { verdict: 'violated', violations };
  return isExercised ? { verdict: 'held', violations } : { verdict: 'undecided', violations, reason: unexercised };
}

/** The memory with each violation replaced by its message. Indices of events are dropped, because they do not change a later verdict. */
export function relevantOf<Memory extends Judged>(
  memory: Memory,
): Omit<Memory, 'violations'> & { readonly violations: readonly string[] } {
  return { ...memory, violations: memory.violations.map(({ message }) => message) };
}
