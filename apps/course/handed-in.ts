/** A file as it was handed in: read, and made a module that runs in the sandbox. What cannot be judged is named with its place. */
import { lstatSync, readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const mostBytes = 256 * 1024;

/** The code, or why it cannot be judged. */
export type HandedIn = { readonly code: string } | { readonly wrong: string };

/** `name`: how the file is called in a message. */
export async function handedIn(path: string, name: string): Promise<HandedIn> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { wrong: `${name} is missing` };
  if (!found.isFile()) return { wrong: `${name} is no regular file` };
  if (found.size > mostBytes) return { wrong: `${name} has ${found.size} bytes (at most ${mostBytes})` };
  return bundled(readFileSync(path, 'utf8'), name);
}

export async function bundled(source: string, name: string): Promise<HandedIn> {
  // Loaded only here, because it takes a part of the command's start.
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      stdin: { contents: source, loader: 'js', sourcefile: name },
      bundle: true,
      write: false,
      format: 'cjs',
      target: 'es2022',
      // Without it, what is imported by a name that is only known in the run would be asked of this process.
      supported: { 'dynamic-import': false },
      logLevel: 'silent',
      plugins: [importsNothing],
    });
    return { code: outputFiles[0]?.text ?? '' };
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly EsbuildMessage[] };
    if (errors === undefined) throw error;
    return { wrong: errors.map(({ text, location }) => `${placeOf(name, location)}: ${text}`).join('\n') };
  }
}

interface EsbuildMessage {
  readonly text: string;
  readonly location: { readonly line: number; readonly column: number } | null;
}

function placeOf(name: string, location: EsbuildMessage['location']): string {
  return location === null ? name : `${name}:${location.line}:${location.column + 1}`;
}

const importsNothing: Plugin = {
  name: 'imports-nothing',
  setup: (pluginBuild) => {
    pluginBuild.onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { errors: [{ text: `it imports ${JSON.stringify(path)}; an exercise is one file that imports nothing` }] },
    );
  },
};
