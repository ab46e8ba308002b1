/** Files that ship with the package: beside `cli` in the sources, one above it in `dist`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Throws where the package does not hold it: then the package is broken. */
export function packaged(name: string): string {
  const places = ['../', '../../'].map((path) => fileURLToPath(new URL(`${path}${name}`, import.meta.url)));
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the package holds no ${name}`);
  return found;
}
