/** Durations of virtual time, as people write them. */
import { ScenarioError } from './error.ts';

/** Virtual time: plain numbers are milliseconds. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m`;

/** Milliseconds. Throws `ScenarioError` for text that is no duration. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(duration);
  if (found === null) throw new ScenarioError(`'${duration}' is no duration; write 500, '500ms', '5s' or '2m'`);
  return Math.round(Number(found[1]) * ({ ms: 1, s: 1000, m: 60_000 }[found[2] as 'ms' | 's' | 'm'] ?? 1));
}
