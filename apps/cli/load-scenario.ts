/**
 * Loads a scenario file. YAML and JSON are checked by the schema. TypeScript and JavaScript need no build: relative files are bundled into
 * one temporary module, and packages stay outside. There 'lazurite' always means this copy, so that classes are the same.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { Scenario, ScenarioError } from '../../scenarios/index.ts';
import { didYouMean } from '../../scenarios/spelling.ts';
import { loadBroken, loadVariants } from './load-broken.ts';
import { findPackaged } from './packaged.ts';
import { prepareTrial, tryModule } from './try-module.ts';

/** The scenario files that paths name: files themselves, and those in folders and their folders, by name. Throws `ScenarioError` for what is not there. */
export function scenarioFiles(paths: readonly string[]): readonly string[] {
  return paths.map(present).flatMap((path) => {
    if (!existsSync(path))
      throw new ScenarioError(
        `${path}: there is no such file or folder; give a scenario file (.ts, .js, .yaml) or a folder of them`,
      );
    if (!statSync(path).isDirectory()) return [path];
    return filesIn(path).filter(mayBeScenario);
  });
}

/** What may be a scenario by its name, in a folder and those in it; not in hidden ones, nor in those of packages. */
function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry): readonly string[] => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesIn(path);
    return /\.(ts|mts|js|mjs|yaml|yml)$/.test(entry.name) && !entry.name.endsWith('.d.ts') && isFile(path) ? [path] : [];
  });
}

/** False too where a link leads nowhere. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** A script beside the scenarios is not run to see whether it is one. */
function mayBeScenario(file: string): boolean {
  if (/\.ya?ml$/.test(file)) return true;
  if (!isSmall(file)) return false;
  const text = readFileSync(file, 'utf8');
  return /\bexport\s+(default\b|\{[^}]*\bdefault\b)/.test(text) && /scenario/.test(text);
}

/**
 * Files in these folders that keep a scenario to themselves, each with the place and what to do: it is exported under a name, and a scenario file exports
 * it by default. A file that only helps others to make scenarios is none.
 */
export function notByDefault(paths: readonly string[]): readonly string[] {
  const folders = paths.filter((path) => existsSync(path) && statSync(path).isDirectory());
  return folders.flatMap((folder) => {
    const files = readdirSync(folder).filter((name) => /\.m?[tj]s$/.test(name) && isFile(join(folder, name)));
    return files.sort().flatMap((name): readonly string[] => {
      const file = join(folder, name);
      const text = isSmall(file) && !mayBeScenario(file) ? readFileSync(file, 'utf8') : '';
      const [found, called] = /^export\s+(?:const|let|var)\s+(\w+)\s*=\s*scenario\(/m.exec(text) ?? [];
      if (found === undefined) return [];
      const line = text.slice(0, text.indexOf(found)).split('\n').length;
      return [`${file}:${line}:1: '${called}' is a scenario that no command finds; write \`export default scenario(...)\``];
    });
  });
}

/** The size of a source file, in bytes: a larger one was not written by hand. */
const sourceLimit = 4 * 1024 * 1024;

function isSmall(file: string): boolean {
  return statSync(file).size <= sourceLimit;
}

/** A path as it was given; where it is none of this folder, that of the scenarios which ship under the same name. */
function present(path: string): string {
  return (/^(\.\/)?scenarios\//.test(path) && !existsSync(path) ? findPackaged(path) : undefined) ?? path;
}

/** By file and time of its last change: the units of a campaign share what was loaded once. */
const loaded = new Map<string, Promise<Scenario>>();

/** Throws `ScenarioError` with file and place. */
export async function loadScenario(given: string): Promise<Scenario> {
  const file = present(given);
  if (!existsSync(file)) throw new ScenarioError(`${file}: there is no such file; give a scenario file (.ts, .js, .yaml)`);
  if (statSync(file).isDirectory()) throw new ScenarioError(`${file}: this is a folder; give one scenario file of it`);
  if (!statSync(file).isFile()) throw new ScenarioError(`${file}: this is no regular file; give a scenario file`);
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
  // Loaded while the bundler, a process of its own, is at work.
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

/** Makes a broken node known that a path names, such as that of `--break`. */
export async function brokenFrom(name: string | undefined): Promise<void> {
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
  try {
    await build({
      entryPoints: [resolve(file)],
      absWorkingDir: dirname(resolve(file)),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      outfile,
      logLevel: 'silent',
      plugins: [packagesStayOutside],
    });
    const { href } = pathToFileURL(outfile);
    await tryModule(href, file, (error) => placeOf(error, file));
    const { default: found } = (await import(href)) as { readonly default?: unknown };
    // What a module says of the exit code is not what the command has found.
    process.exitCode = undefined;
    return found;
  } catch (error) {
    throw error instanceof ScenarioError ? error : new ScenarioError(placeOf(error, file));
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

/** The bundler's messages with their places, or the error's own words with the place in the user's file. */
function placeOf(error: unknown, file: string): string {
  const { errors } = error as {
    readonly errors?: readonly { readonly text: string; readonly location?: { line: number; column: number } | null }[];
  };
  if (errors !== undefined && errors.length > 0)
    return errors
      .map(
        ({ text, location }) =>
          `${file}:${location == null ? '' : `${location.line}:${location.column + 1}:`} ${text}${meantBy(text)}`,
      )
      .join('\n');
  const { message, stack } = error as Partial<Error>;
  if (message === undefined) return `${file}: ${String(error)}`;
  const frame = stack?.split('\n').find((one) => one.includes(`${basename(file)}:`)) ?? '';
  const place = /:(\d+:\d+)\)?$/.exec(frame);
  const told = `${message}${meantBy(message)}`;
  return place === null ? `${file}: ${told}` : `${file}:${place[1]}: ${told}`;
}

/** What may have been meant by a package that is not there, or a method that a scenario does not have. */
function meantBy(message: string): string {
  const [, missing = ''] = /^Could not resolve "([\w-]+)"/.exec(message) ?? [];
  const [, method = ''] = /\.(\w+) is not a function$/.exec(message) ?? [];
  if (missing !== '') return didYouMean(missing, ['lazurite']);
  return method === '' ? '' : didYouMean(method, Object.getOwnPropertyNames(Scenario.prototype));
}
