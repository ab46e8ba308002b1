/**
 * Registers broken nodes of users. Each is an honest node with a part replaced. A scenario is plain data, so it names a broken node: by the name that is
 * registered here, or by the path of the file that defines it.
 */
import type { OwnExhibitName } from '../museum/exhibit-names.ts';
import type { Alteration } from './build-world.ts';
import { ScenarioError } from './error.ts';

const known = new Map<string, Alteration>();

/**
 * Registers a broken node and returns its name, for `break` in a variant and `--break`. A second call with the same name replaces it, because a file may be loaded
 * twice. Throws `ScenarioError` for a wrong name, and if nothing is replaced.
 */
export function brokenNode(name: string, replaced: Alteration): OwnExhibitName {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new ScenarioError(`'${name}' is no name of a broken node; use small letters, digits and '-'`);
  if (typeof replaced?.parts !== 'function' && typeof replaced?.spec !== 'function')
    throw new ScenarioError(`the broken node '${name}' replaces nothing: give it \`parts\` or \`spec\`, a function`);
  known.set(name, replaced);
  return name as OwnExhibitName;
}

/** Whether the text of `break` is a path. */
export function isBrokenFile(name: string): boolean {
  return /^(\.{1,2})?\//.test(name);
}

/** Registers a file's broken node under the path of the file. Throws `ScenarioError` if its default export is no broken node. */
export function knowByFile(path: string, name: unknown): void {
  const found = typeof name === 'string' ? known.get(name) : undefined;
  if (found === undefined)
    throw new ScenarioError(
      `${path}: its default export is no broken node; write \`export default brokenNode('name', { parts })\``,
    );
  known.set(path, found);
}

export function ownExhibit(name: string): Alteration | undefined {
  return known.get(name);
}

export function ownExhibits(): readonly string[] {
  return [...known.keys()];
}
