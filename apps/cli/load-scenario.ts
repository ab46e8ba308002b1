/**
 * Finds and loads scenario files. A file in YAML or JSON is checked against the schema. A file in TypeScript or JavaScript needs no build: it is
 * bundled with the relative files that it imports into one temporary module. Packages are not bundled. An import of 'lazurite' always leads to
 * this copy of it, so that `instanceof Scenario` holds.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { Scenario, ScenarioError } from '../../scenarios/index.ts';
import { loadBroken, loadVariants } from './load-broken.ts';
import { findPackaged } from './packaged.ts';
import { placeOf } from './place-of-error.ts';
import { prepareTrial, tryModule } from './try-module.ts';

/**
 * The scenario files for these paths. A path to a file is taken as it is. For a folder these are all scenario files in it and in its folders, sorted
 * by name. Throws `ScenarioError` for a path that does not exist.
 */
export function scenarioFiles(paths: readonly string[]): readonly string[] {
  return paths.map(orPackaged).flatMap((path) => {
    if (!existsSync(path))
      throw new ScenarioError(
        `${path}: there is no such file or folder; give a scenario file (.ts, .js, .yaml, .json) or a folder of them`,
      );
    if (!statSync(path).isDirectory()) return [path];
    return filesIn(path).filter(mayBeScenario);
  });
}

/** All files with the extension of a script, YAML or JSON in a folder and its folders, except hidden folders and `node_modules`. */
export function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry): readonly string[] => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesIn(path);
    return /\.(ts|mts|js|mjs|yaml|yml|json)$/.test(entry.name) && !entry.name.endsWith('.d.ts') && isFile(path) ? [path] : [];
  });
}

/** False also for a link to a file that does not exist. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Whether a file looks like a scenario. Scripts are not run to find out: their text must export something by default and mention a scenario. JSON needs
 * the key `scenario`; YAML always counts.
 */
export function mayBeScenario(file: string): boolean {
  if (/\.ya?ml$/.test(file)) return true;
  if (!isSmall(file)) return false;
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.json')) return hasScenarioKey(text);
  return /\bexport\s+(default\b|\{[^}]*\bdefault\b)/.test(text) && /scenario/.test(text);
}

/** A scenario that cannot be parsed is one too, so that its mistake is reported. */
function hasScenarioKey(text: string): boolean {
  if (!/"scenario"\s*:/.test(text)) return false;
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null && 'scenario' in data;
  } catch {
    return true;
  }
}

/** The largest source file that is read, in bytes. A larger one was not written by hand. */
const sourceLimit = 4 * 1024 * 1024;

export function isSmall(file: string): boolean {
  return statSync(file).size <= sourceLimit;
}

/** The path itself. If it begins with `scenarios/` and does not exist here, the path of that scenario in the package. */
function orPackaged(path: string): string {
  return (/^(\.\/)?scenarios\//.test(path) && !existsSync(path) ? findPackaged(path) : undefined) ?? path;
}

/** Loaded scenarios, by file and time of its last change. So a campaign with many units loads its file once. */
const loaded = new Map<string, Promise<Scenario>>();

/** Throws `ScenarioError` that names the file, with line and column if the mistake is inside it. */
export async function loadScenario(given: string): Promise<Scenario> {
  const file = orPackaged(given);
  if (!existsSync(file)) throw new ScenarioError(`${file}: there is no such file; give a scenario file (.ts, .js, .yaml, .json)`);
  if (statSync(file).isDirectory()) throw new ScenarioError(`${file}: this is a folder; give one scenario file of it`);
  if (!statSync(file).isFile()) throw new ScenarioError(`${file}: this is not a regular file; give a scenario file`);
  if (!isSmall(file))
    throw new ScenarioError(`${file}: ${statSync(file).size} bytes are too many for a scenario file (at most ${sourceLimit})`);
  const key = `${resolve(file)} ${statSync(file).mtimeMs}`;
  const scenario = loaded.get(key) ?? read(file);
  loaded.set(key, scenario);
  return scenario;
}

async function read(file: string): Promise<Scenario> {
  if (/\.(ya?ml|json)$/.test(file)) {
    const { breaksIn, parseScenario } = await import('../../scenarios/yaml.ts');
    const text = readFileSync(file, 'utf8');
    await loadVariants(breaksIn(text), file, importFile);
    return new Scenario(parseScenario(text, file));
  }
  // This import runs while the bundler works in a process of its own.
  const checks = import('../../scenarios/validate.ts');
  const found = await importFile(file);
  if (!(found instanceof Scenario))
    throw new ScenarioError(
      `${file}: the default export is not a scenario; write \`export default scenario('name', { A: 1, ... })\``,
    );
  await loadVariants(found.data.variants, file, importFile);
  const { refuseMistakes } = await checks;
  refuseMistakes(found.data);
  return found;
}

/** Loads the file of a broken node, such as `--break ./mine.ts`, and registers the node under that path. Does nothing for a name in the museum. */
export async function registerBroken(name: string | undefined): Promise<void> {
  await loadBroken(name, importFile);
}

/** The default export of a file in TypeScript or JavaScript. Throws `ScenarioError` with the file and what is wrong with it. */
async function importFile(file: string): Promise<unknown> {
  if (!existsSync(file)) throw new ScenarioError(`${file}: there is no such file`);
  prepareTrial();
  const { build } = await import('esbuild');
  process.setSourceMapsEnabled(true);
  const folder = await mkdtemp(join(tmpdir(), 'lazurite-'));
  const outfile = join(folder, `${basename(file)}.mjs`);
  const absWorkingDir = dirname(resolve(file));
  const sources = new Set([resolve(file)]);
  const placed = (error: unknown): string => placeOf(error, file, sources);
  try {
    const { metafile } = await build({
      entryPoints: [resolve(file)],
      absWorkingDir,
      bundle: true,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      outfile,
      logLevel: 'silent',
      plugins: [packagesStayOutside],
    });
    for (const source of Object.keys(metafile.inputs)) sources.add(resolve(absWorkingDir, source));
    const { href } = pathToFileURL(outfile);
    await tryModule(href, file, placed);
    const { default: found } = (await import(href)) as { readonly default?: unknown };
    // The exit code is the command's: a module must not set it.
    process.exitCode = undefined;
    return found;
  } catch (error) {
    throw error instanceof ScenarioError ? error : new ScenarioError(placed(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const packagesStayOutside: Plugin = {
  name: 'packages-stay-outside',
  setup: (pluginBuild) => {
    pluginBuild.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === 'asked' || path.startsWith('node:')) return undefined;
      if (/^lazurite(\/|$)/.test(path)) return { path: import.meta.resolve(path), external: true };
      const found = await pluginBuild.resolve(path, { kind, resolveDir, pluginData: 'asked' });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: found.external ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};
