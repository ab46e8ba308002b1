/** Where an error is in the files of a scenario: messages of the bundler, and errors that a module threw, as `FILE:LINE:COLUMN: MESSAGE`. */
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Scenario } from '../../scenarios/index.ts';
import { didYouMean } from '../../scenarios/spelling.ts';

interface BundlerMessage {
  readonly text: string;
  /** `file` is relative to the folder of the scenario file. */
  readonly location?: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/**
 * The messages of the bundler, each with its place; of any other error the message, with the place in the first of the user's files on its stack.
 * `file` is the scenario file. `sources` are the files that were bundled into one module with it, as absolute paths.
 */
export function placeOf(error: unknown, file: string, sources: ReadonlySet<string>): string {
  const { errors } = error as { readonly errors?: readonly BundlerMessage[] };
  if (errors !== undefined && errors.length > 0) return errors.map((message) => bundlerLine(message, file)).join('\n');
  const { message, stack } = error as Partial<Error>;
  if (message === undefined) return `${file}: ${String(error)}`;
  const place = placeOnStack(stack ?? '', sources);
  const words = `${message}${suggestion(message)}`;
  return place === undefined ? `${file}: ${words}` : `${shown(place.path, file)}:${place.lineAndColumn}: ${words}`;
}

function bundlerLine({ text, location }: BundlerMessage, file: string): string {
  const words = `${text}${suggestion(text)}`;
  if (location == null) return `${file}: ${words}`;
  const path = resolve(dirname(resolve(file)), location.file);
  return `${shown(path, file)}:${location.line}:${location.column + 1}: ${words}`;
}

/** The first line of a stack that names one of these files. */
function placeOnStack(
  stack: string,
  sources: ReadonlySet<string>,
): { readonly path: string; readonly lineAndColumn: string } | undefined {
  for (const line of stack.split('\n')) {
    const [, named, lineAndColumn] = /(?:\(|at (?:async )?)((?:file:\/\/)?\/?[^()]*):(\d+:\d+)\)?$/.exec(line) ?? [];
    if (named === undefined || lineAndColumn === undefined) continue;
    const path = named.startsWith('file://') ? fileURLToPath(named) : named;
    if (sources.has(path)) return { path, lineAndColumn };
  }
  return undefined;
}

/** An absolute path in the manner in which the user named the scenario file. */
function shown(path: string, file: string): string {
  if (path === resolve(file)) return file;
  return file === resolve(file) ? path : join(dirname(file), relative(dirname(resolve(file)), path));
}

/** What may have been meant by a package that is not there, or by a method that a scenario does not have. */
function suggestion(message: string): string {
  const [, missing = ''] = /^Could not resolve "([\w-]+)"/.exec(message) ?? [];
  const [, method = ''] = /\.(\w+) is not a function$/.exec(message) ?? [];
  if (missing !== '') return didYouMean(missing, ['lazurite']);
  return method === '' ? '' : didYouMean(method, Object.getOwnPropertyNames(Scenario.prototype));
}
