/** Durations of virtual time, as people write them. */
import { refuse } from './noted-mistakes.ts';

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type Unit = 'ms' | 's' | 'm';

/**
 * Virtual time: plain numbers are milliseconds. A text is digits and a unit, without a space or a sign; one that is put together at run time has no
 * such type, so give its milliseconds.
 */
export type Duration = number | ((`${bigint}${Unit}` | `${bigint}.${bigint}${Unit}`) & `${Digit}${string}`);

/** As files write it: `2s`, and `1500ms` where it is no whole second. */
export function durationText(ms: number): Duration {
  return (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`) as Duration;
}

/** The same for an optional time. */
export function writtenDuration(ms: number | undefined): Duration | undefined {
  return ms === undefined ? undefined : durationText(ms);
}

/** The longest duration, in ms: its microseconds are a number that is exact (2^53 - 1, some 285 years). */
export const longestMs: number = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** Milliseconds. Throws `ScenarioError` for text that is no duration, and for one that is longer than `longestMs`. */
export function milliseconds(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : writtenMs(duration);
  if (ms <= longestMs || Number.isNaN(ms)) return ms;
  refuse(`${duration} is ${tooLong}`);
  return 1000;
}

/** Why a duration above `longestMs` is refused. */
export const tooLong = 'longer than 285 years of virtual time, whose microseconds cannot be counted exactly';

/** Milliseconds of a text. Throws `ScenarioError` for one that is no duration. */
export function writtenMs(duration: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(duration);
  if (found === null) {
    refuse(`'${duration}' is no duration; write 500, '500ms', '5s' or '2m'`);
    return 1000;
  }
  // Virtual time has microseconds: half a millisecond is not one.
  return Math.round(Number(found[1]) * ({ ms: 1000, s: 1_000_000, m: 60_000_000 }[found[2] as 'ms' | 's' | 'm'] ?? 1)) / 1000;
}
