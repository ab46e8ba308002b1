/** What is judged of a file that was handed in. */
export type PartName = 'promise' | 'recovery' | 'log' | 'word' | 'state' | 'node';

/** A part with the first reasons why it does not hold; none: it holds. */
export interface Part {
  readonly name: PartName;
  readonly reasons: readonly string[];
}

const mostReasons = 3;

/** The first few, and whether there are more. */
export function firstOf(reasons: readonly string[]): readonly string[] {
  return reasons.length <= mostReasons ? reasons : [...reasons.slice(0, mostReasons), 'and more'];
}
