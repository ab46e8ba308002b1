/** Files that ship with the package: two folders above the command in the sources, three in `dist`. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Undefined if the package does not hold it. */
export function findPackaged(name: string): string | undefined {
  const places = ['../../', '../../../'].map((path) => fileURLToPath(new URL(`${path}${name}`, import.meta.url)));
  return places.find((path) => existsSync(path));
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packaged('package.json'), 'utf8')) as { readonly version: string }).version;
}

/** Throws if the package does not hold it: then the package is broken. */
export function packaged(name: string): string {
  const found = findPackaged(name);
  if (found === undefined) throw new Error(`the package holds no ${name}`);
  return found;
}
