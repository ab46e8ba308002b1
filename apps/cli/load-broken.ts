/** Broken nodes that a path names: loaded as scenario files are, before anything asks for them. */
import { dirname, join, resolve } from 'node:path';
import { ScenarioError } from '../../scenarios/index.ts';
import { isBrokenFile, knowByFile } from '../../scenarios/own-exhibit.ts';

/** By the path as it was written: the file that it named. */
const files = new Map<string, string>();

/** Loads the file where `name` is a path, from `folder` on; names of exhibits are left alone. Throws `ScenarioError` for a file that brings none. */
export async function loadBroken(
  name: string | undefined,
  importFile: (file: string) => Promise<unknown>,
  folder = '.',
): Promise<void> {
  if (name === undefined || !isBrokenFile(name)) return;
  const file = name.startsWith('/') ? name : join(folder, name);
  const before = files.get(name);
  if (before !== undefined && before !== resolve(file))
    throw new ScenarioError(`'${name}' names two files here, ${before} and ${resolve(file)}; give one of them another name`);
  const found = await importFile(file);
  files.set(name, resolve(file));
  knowByFile(name, found);
}

/** What the variants of a scenario in this file name. */
export async function loadVariants(
  variants: readonly { readonly break?: string }[],
  file: string,
  importFile: (file: string) => Promise<unknown>,
): Promise<void> {
  for (const variant of variants) await loadBroken(variant.break, importFile, dirname(file));
}
