/** Finds the scenario that a token names: by the hash of its data, among the files of the project and those that ship. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isKnownProtocol, type Scenario, ScenarioError, scenarioHash } from '../../scenarios/index.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import { packaged } from './packaged.ts';
import { plainClusterByHash } from './plain-cluster.ts';

export function libraryFolder(): string {
  return packaged('scenarios/library');
}

/** Looks in these paths first, then in `scenarios/`, the present folder and what ships. Throws `ScenarioError` when nothing fits. */
export async function findScenario(hash: string, paths: readonly string[]): Promise<Scenario> {
  const seen = new Set<string>();
  for (const file of candidates(paths)) {
    if (seen.has(file)) continue;
    seen.add(file);
    const scenario = await loadOrSkip(file);
    if (scenario !== undefined && scenarioHash(scenario.data) === hash) return scenario;
  }
  const plain = plainClusterByHash(hash);
  if (plain !== undefined) return plain;
  throw new ScenarioError(
    `no scenario has the hash ${hash} (${seen.size} files were looked at); it may have changed since. Name its file with --in FILE; for a scenario within a test use the line 'alone' of its failure`,
  );
}

function candidates(paths: readonly string[]): readonly string[] {
  const folders = [...paths, 'scenarios', '.', ...foldersHere(), libraryFolder(), packaged('scenarios/yaml')].filter(existsSync);
  return folders.flatMap((folder) => scenarioFiles([folder]));
}

/** Folders in the present one, and in those; not what others have put there. */
function foldersHere(): readonly string[] {
  const within = (folder: string): readonly string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|dist|coverage)$/.test(entry.name))
      .map(({ name }) => join(folder, name));
  const first = within('.');
  return [...first, ...first.flatMap(within)];
}

/** A protocol of your own is known once the scenario file that brings it was loaded: files are loaded until it is. */
export async function makeKnown(protocol: string | undefined, path: string | undefined): Promise<void> {
  for (const file of isKnownProtocol(protocol) ? [] : candidates(path === undefined ? [] : [path])) {
    await loadOrSkip(file);
    if (isKnownProtocol(protocol)) return;
  }
}

/** Other files in the folder may be no scenarios. */
async function loadOrSkip(file: string): Promise<Scenario | undefined> {
  try {
    return await loadScenario(file);
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}
