/** Scenarios in YAML or JSON, `lazurite/yaml`: read with place and remedy for each mistake, and written. Apart, as it loads a parser. */
import { type Alias, type Document, Lexer, LineCounter, parseDocument, stringify, visit } from 'yaml';
import { ScenarioError } from './error.ts';
import type { ScenarioData } from './model.ts';
import { shippedProtocols } from './protocols.ts';
import { toWritten } from './serialize.ts';
import { mistakesIn } from './validate.ts';

export { jsonSchema } from './schema.ts';
export { refuseMistakes } from './validate.ts';

/** Of one file, in characters. The largest scenario that we know has some ten thousand. */
const sizeLimit = 256 * 1024;
/** Entries of all lists and maps together: each key is compared with all others of its map. */
const entriesLimit = 10_000;
/** Mistakes that are told of one file. */
const mistakesTold = 100;

/** Throws `ScenarioError` that names every mistake by `file:line:column`. */
export function parseScenario(text: string, file: string): ScenarioData {
  if (text.length > sizeLimit)
    throw new ScenarioError(`${file}: ${text.length} characters are too many for a scenario (at most ${sizeLimit})`);
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  refuseHuge(text, file);
  const document = parseDocument(text, { lineCounter: lines });
  const [wrong] = document.errors;
  if (wrong !== undefined) throw new ScenarioError(`${at(wrong.pos[0])}: ${wrong.message.split('\n')[0] ?? ''}`);
  const { data, mistakes } = mistakesIn(plainValue(document, at));
  if (data !== undefined && mistakes.length === 0) return data;
  const placed = mistakes
    .slice(0, mistakesTold)
    .map(({ path, message }) => ({ ...placeOf(document, lines, path), message }))
    .sort((a, b) => a.line - b.line || a.col - b.col);
  const told = placed.map(({ line, col, message }) => `${file}:${line}:${col}: ${message}`);
  const more = mistakes.length > mistakesTold ? [`${file}: and ${mistakes.length - mistakesTold} more mistakes`] : [];
  throw new ScenarioError([...told, ...more].join('\n'));
}

/** Lists and maps within each other; a scenario has six. The parser calls itself for each level, and ends the process where the stack ends. */
const depthLimit = 100;

/** Throws `ScenarioError` at the first line that is nested too deeply, by its brackets, its dashes or its indentation, or has an entry too many. */
function refuseHuge(text: string, file: string): void {
  let line = 1;
  let brackets = 0;
  let dashes = 0;
  let entries = 0;
  let isLineStart = true;
  for (const token of new Lexer().lex(text)) {
    const indentation = isLineStart && /^ +$/.test(token) ? token.length : 0;
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets -= 1;
    else if (/^[-?:,]$/.test(token)) {
      entries += 1;
      if (token !== ':' && token !== ',' && brackets === 0) dashes += 1;
    }
    if (Math.max(brackets, dashes, indentation) > depthLimit)
      throw new ScenarioError(`${file}:${line}:1: more than ${depthLimit} lists and maps within each other; a scenario has six`);
    if (entries > entriesLimit)
      throw new ScenarioError(`${file}:${line}:1: more than ${entriesLimit} entries; divide it into several scenarios`);
    isLineStart = token.endsWith('\n');
    if (!isLineStart) continue;
    dashes = 0;
    line += token.split('\n').length - 1;
  }
}

/** Throws `ScenarioError` for an alias without its anchor, and for aliases that would grow beyond all measure. */
function plainValue(document: Document.Parsed, at: (offset: number) => string): unknown {
  let first: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      first ??= alias;
      if (alias.resolve(document) !== undefined) return;
      throw new ScenarioError(
        `${at(alias.range?.[0] ?? 0)}: the alias *${alias.source} has no anchor before it; write &${alias.source} where its value is`,
      );
    },
  });
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ScenarioError(`${at(first?.range?.[0] ?? 0)}: aliases stand for too much; write the values out`);
  }
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
