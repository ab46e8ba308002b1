/**
 * Broken nodes of your own: an honest node with a part replaced, known by the name that it is given here, or by the path of the file that brings it. A
 * scenario is plain data and holds the name only.
 */
import type { OwnExhibitName } from '../museum/exhibit-names.ts';
import type { Alteration } from './build-world.ts';
import { ScenarioError } from './error.ts';

const known = new Map<string, Alteration>();

/**
 * Makes a broken node known and returns its name, for `break` in a variant and `--break`. The same name again replaces it: a file may be loaded twice. Throws
 * `ScenarioError` where nothing is replaced.
 */
export function brokenNode(name: string, replaced: Alteration): OwnExhibitName {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new ScenarioError(`'${name}' is no name of a broken node; use small letters, digits and '-'`);
  if (typeof replaced?.parts !== 'function' && typeof replaced?.spec !== 'function')
    throw new ScenarioError(`the broken node '${name}' replaces nothing: give it \`parts\` or \`spec\`, a function`);
  known.set(name, replaced);
  return name as OwnExhibitName;
}

/** Whether `break` names a file that brings a broken node. */
export function isBrokenFile(name: string): boolean {
  return /^(\.{1,2})?\//.test(name);
}

/** A file means the broken node that it brings. Throws `ScenarioError` where no such node is known. */
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
