/** Scenarios in YAML or JSON, `lazurite/yaml`: read with place and remedy for each mistake, and written. Apart, as it loads a parser. */
import { type Document, LineCounter, parseDocument, stringify } from 'yaml';
import { ScenarioError } from './error.ts';
import type { ScenarioData } from './model.ts';
import { shippedProtocols } from './protocols.ts';
import { toWritten } from './serialize.ts';
import { mistakesIn } from './validate.ts';

export { jsonSchema } from './schema.ts';
export { refuseMistakes } from './validate.ts';

/** Throws `ScenarioError` that names every mistake by `file:line:column`. */
export function parseScenario(text: string, file: string): ScenarioData {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const { line, col } = lines.linePos(wrong.pos[0]);
    throw new ScenarioError(`${file}:${line}:${col}: ${wrong.message.split('\n')[0] ?? ''}`);
  }
  const { data, mistakes } = mistakesIn(document.toJS());
  if (data !== undefined && mistakes.length === 0) return data;
  const placed = mistakes.map(({ path, message }) => ({ ...placeOf(document, lines, path), message }));
  placed.sort((a, b) => a.line - b.line || a.col - b.col);
  throw new ScenarioError(placed.map(({ line, col, message }) => `${file}:${line}:${col}: ${message}`).join('\n'));
}

/** Throws `ScenarioError` for a protocol of one's own, which only code can bring. */
export function formatScenario(data: ScenarioData): string {
  if (data.protocol !== undefined && !shippedProtocols.includes(data.protocol))
    throw new ScenarioError(
      `scenario '${data.name}': its protocol '${data.protocol}' is brought by its own file, and cannot stand in YAML`,
    );
  return stringify(toWritten(data), { lineWidth: 120 });
}

/** Where a path stands; for a key that is not there, where its parent stands. */
function placeOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
): { readonly line: number; readonly col: number } {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = document.getIn(path.slice(0, length), true) as { readonly range?: readonly number[] | null } | undefined;
    const offset = found?.range?.[0];
    if (offset === undefined) continue;
    return lines.linePos(offset);
  }
  return { line: 1, col: 1 };
}
