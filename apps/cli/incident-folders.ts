/** The folders of an incident, read from the disk: log files, stores and last-sign states, and nothing else that is in them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NodeFiles } from '../../forensics/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';

/** Below a node's folder: `data/cs.wal/wal.000` is the deepest that engines use. */
const maxDepth = 4;
const limitBytes = 2 ** 31 - 1;
/** Logs of all engines, and CometBFT's last-sign state. Keys are never read. */
const wanted = /(\.wal|^attest\.\d+|^abstain\.\d+|^wal|\.\d{3,}|^priv_validator_state\.json)$/;

/** `FOLDER`, `NAME=FOLDER`, or a single log file in place of the folder. Throws `ScenarioError` if there is nothing to read. */
export function readFolder(text: string): NodeFiles {
  const at = text.indexOf('=');
  const isNamed = at > 0 && !existsSync(text);
  const name = isNamed ? text.slice(0, at) : undefined;
  const folder = isNamed ? text.slice(at + 1) : text;
  if (!existsSync(folder))
    throw new ScenarioError(`${folder}: there is no such folder; give the folder of each node, or NAME=FOLDER`);
  if (!statSync(folder).isDirectory()) return { folder, name, files: readAll(folder, new Map([[basename(folder), folder]])) };
  return { folder, name, files: readAll(folder, pathsIn(folder, '', 0)) };
}

function pathsIn(folder: string, prefix: string, depth: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < maxDepth)
      for (const [inner, real] of pathsIn(path, `${prefix}${entry.name}/`, depth + 1)) found.set(inner, real);
    else if (entry.isFile() && wanted.test(entry.name)) found.set(`${prefix}${entry.name}`, path);
  }
  return found;
}

function readAll(folder: string, paths: ReadonlyMap<string, string>): ReadonlyMap<string, Uint8Array> {
  const size = [...paths.values()].reduce((sum, path) => sum + statSync(path).size, 0);
  if (size > limitBytes)
    throw new ScenarioError(`${folder}: ${size} bytes are more than can be read at once; give at most ${limitBytes}`);
  return new Map([...paths].map(([name, path]) => [name, new Uint8Array(readFileSync(path))]));
}
