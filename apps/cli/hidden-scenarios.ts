/** Finds scenarios that no command runs, because their file exports them under a name and not by default. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { filesIn, isSmall, mayBeScenario } from './load-scenario.ts';

/**
 * A message for each script in these folders that exports a scenario under a name and nothing by default, with the place and what to do. A file that
 * another one imports is a part of that one, and is not reported.
 */
export function hiddenScenarios(paths: readonly string[]): readonly string[] {
  const folders = paths.filter((path) => existsSync(path) && statSync(path).isDirectory());
  const scripts = folders.flatMap(filesIn).filter((file) => /\.m?[tj]s$/.test(file) && isSmall(file));
  const texts = new Map(scripts.map((file) => [file, readFileSync(file, 'utf8')]));
  const imported = new Set([...texts].flatMap(([file, text]) => importsOf(file, text)));
  return [...texts].flatMap(([file, text]): readonly string[] => {
    if (mayBeScenario(file) || imported.has(withoutExtension(resolve(file)))) return [];
    const [found, name] = /^export\s+(?:const|let|var)\s+(\w+)\s*=\s*scenario\(/m.exec(text) ?? [];
    if (found === undefined) return [];
    const line = text.slice(0, text.indexOf(found)).split('\n').length;
    return [`${file}:${line}:1: '${name}' is a scenario that no command finds; write \`export default scenario(...)\``];
  });
}

/** The relative files that a script imports, as absolute paths without their extension. */
function importsOf(file: string, text: string): readonly string[] {
  const found = text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...found].map(([, path = '']) => withoutExtension(resolve(dirname(file), path)));
}

function withoutExtension(path: string): string {
  return path.replace(/\.m?[tj]s$/, '');
}
