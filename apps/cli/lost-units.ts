/** Units of a campaign that were lost: what they ran threw, their worker died, or they hung. The others go on, and what is missing is undecided. */

import { ScenarioError } from '../../scenarios/index.ts';
import { say } from '../output/standard-error.ts';

export interface Lost {
  /** Such as `points 41 to 62 of C`. */
  readonly unit: string;
  readonly error: string;
}

/** Says on stderr what was lost, at once. Throws `ScenarioError` on: a mistake of the user costs no unit, and is reported as elsewhere. */
export function lostUnit(unit: string, error: unknown): Lost {
  if (error instanceof ScenarioError) throw error;
  const message = error instanceof Error ? error.message : String(error);
  say(`lost: ${unit}: ${message}`);
  return { unit, error: message };
}

/** The line that says so again, below what was judged. */
export function lostText(lost: readonly Lost[]): string {
  return `lost, and so undecided: ${lost.map(({ unit }) => unit).join('; ')}`;
}
