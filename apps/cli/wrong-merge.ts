/** A wrong merge ends the whole campaign. A worker returns it as data, as an error loses its class on the way. */
import { WrongMergeError } from '../../campaigns/index.ts';

export interface WrongMerge {
  readonly wrongMerge: string;
}

/** The result, or the wrong merge that came to light. */
export function orWrongMerge<Result>(run: () => Result): Result | WrongMerge {
  try {
    return run();
  } catch (error) {
    if (error instanceof WrongMergeError) return { wrongMerge: error.message };
    throw error;
  }
}

/** The result of a unit. Throws `WrongMergeError` if the unit ended with a wrong merge. */
export function refuseWrongMerge<Result extends object>(result: Result | WrongMerge): Result {
  if ('wrongMerge' in result) throw new WrongMergeError(result.wrongMerge);
  return result;
}
