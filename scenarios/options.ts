/** Options that JavaScript misspelt: no type refuses them there, and a default would silently replace them. */
import { refuse } from './noted-mistakes.ts';
import { didYouMean } from './spelling.ts';

/** The options themselves. `of`: such as `restart()`. Throws `ScenarioError` for a field that is not known. */
export function onlyKnown<Given extends object>(of: string, given: Given, known: readonly (keyof Given & string)[]): Given {
  const unknown = Object.keys(given).find((field) => !(known as readonly string[]).includes(field));
  if (unknown === undefined) return given;
  refuse(`${of} has no '${unknown}'${didYouMean(unknown, known) || `; it has ${known.join(', ')}`}`);
  return given;
}
