/** Scenarios in YAML or JSON, `lazurite/yaml`: read with place and remedy for each mistake, and written. It is a file of its own because it loads a parser. */
import {
  type Alias,
  type Document,
  isCollection,
  isMap,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  type Range,
  stringify,
  visit,
} from 'yaml';
import type { Mistake, Path } from './check-shape.ts';
import { ScenarioError } from './error.ts';
import type { ScenarioData } from './model.ts';
import { shippedProtocols } from './protocols.ts';
import { toWritten } from './serialize.ts';
import { mistakesIn } from './validate.ts';

export { jsonSchema } from './schema.ts';
export { refuseMistakes } from './validate.ts';

/** The size of one file, in characters. The largest scenario that we know has some ten thousand. */
const sizeLimit = 256 * 1024;
/** Entries of all lists and maps together: each key is compared with all others of its map. */
const entriesLimit = 10_000;
/** The most mistakes that are reported of one file. */
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
  const unreadable = unreadableIn(text);
  if (unreadable !== undefined) throw new ScenarioError(`${file}:${unreadable.place}: ${unreadable.message}`);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const syntax = syntaxMistakes(document, lines);
  const { data, mistakes } = meaningIn(document, at, syntax.length > 0);
  if (data !== undefined && mistakes.length + syntax.length === 0) return data;
  const meant = mistakes
    .map((mistake) => ({ ...placeOf(document, lines, mistake), message: mistake.message }))
    .filter((one) => !syntax.some((error) => error.breaks && isAt(one, error, text)));
  const placed = [...syntax, ...meant].sort((a, b) => a.line - b.line || a.col - b.col);
  const told = placed.slice(0, mistakesTold).map(({ line, col, message }) => `${file}:${line}:${col}: ${message}`);
  const more = placed.length > mistakesTold ? [`${file}: and ${placed.length - mistakesTold} more mistakes`] : [];
  throw new ScenarioError([...told, ...more].join('\n'));
}

/** A character that no YAML file has, or line ends that the parser takes for none: what follows would be misread. */
function unreadableIn(text: string): { readonly place: string; readonly message: string } | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
  const offset = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/);
  if (offset === -1) return undefined;
  const before = text.slice(0, offset).split('\n');
  const place = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
  if (text[offset] === '\r')
    return { place, message: 'a line ends in CR alone; save the file with LF or CR LF at the end of lines' };
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return { place, message: `a control character (U+${code}) is in the file; remove it` };
}

interface Placed {
  readonly line: number;
  readonly col: number;
  /** The place of the mistake, in characters of the file. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** `breaks`: the text around it may be misread. Only the first in a line counts: the others follow from it. */
function syntaxMistakes(document: Document.Parsed, lines: LineCounter): readonly (Placed & { readonly breaks: boolean })[] {
  const all = document.errors.map(({ code, message, pos: [from, to] }) => {
    const { line, col } = lines.linePos(from);
    return { line, col, from, to, breaks: code !== 'DUPLICATE_KEY', message: wordsOfSyntax[code] ?? message };
  });
  return all.filter(({ line, breaks }, index) => !breaks || all.findIndex((one) => one.breaks && one.line === line) === index);
}

const wordsOfSyntax: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name is in the map already; remove one of the two',
  TAB_AS_INDENT: 'a tab cannot indent a line; write spaces',
  MULTIPLE_DOCS: 'a second document begins here (`---`); a file holds one scenario: write the next in a file of its own',
};

/** Where the syntax is wrong nothing may be left to be understood. */
function meaningIn(document: Document.Parsed, at: (offset: number) => string, isBroken: boolean): ReturnType<typeof mistakesIn> {
  try {
    return mistakesIn(plainValue(document, at));
  } catch (error) {
    if (isBroken && error instanceof ScenarioError) return { data: undefined, mistakes: [] };
    throw error;
  }
}

/** Whether a mistake is in the line of an error of syntax, or around it, or ends just before it. */
function isAt({ line, from, to }: Placed, error: Placed, text: string): boolean {
  return line === error.line || (from <= error.from && text.slice(Math.min(to, error.from), error.from).trim() === '');
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

/**
 * Throws `ScenarioError` for an alias without its anchor, for aliases that would grow beyond all measure, for a tag, and for a key that is no
 * plain name.
 */
function plainValue(document: Document.Parsed, at: (offset: number) => string): unknown {
  let first: Alias | undefined;
  visit(document, {
    Node: (_, { tag, range }) => {
      if (tag === undefined) return;
      throw new ScenarioError(
        `${at(range?.[0] ?? 0)}: a scenario has no tags; remove '${tag.replace('tag:yaml.org,2002:', '!!')}'`,
      );
    },
    Pair: (_, { key }) => {
      if (!isCollection(key)) return;
      throw new ScenarioError(`${at(key.range?.[0] ?? 0)}: a key is a name; this one is a list or a map`);
    },
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
    if (!(error instanceof ReferenceError)) throw new ScenarioError(`${at(0)}: ${(error as Error).message}`);
    throw new ScenarioError(`${at(first?.range?.[0] ?? 0)}: aliases stand for too much; write the values out`);
  }
}

/** What the variants in a text name as broken nodes, as far as it can be read: mistakes are reported when it is parsed. */
export function breaksIn(text: string): readonly { readonly break?: string }[] {
  let written: unknown;
  try {
    written = parseDocument(text, { logLevel: 'silent' }).toJS({ maxAliasCount: 100 });
  } catch {
    return [];
  }
  const { variants } = (typeof written === 'object' && written !== null ? written : {}) as { readonly variants?: unknown };
  const names = (Array.isArray(variants) ? variants : []).map((one: { readonly break?: unknown } | null) => one?.break);
  return names.flatMap((name) => (typeof name === 'string' ? [{ break: name }] : []));
}

/** Throws `ScenarioError` for a protocol of your own, which only code can bring. */
export function formatScenario(data: ScenarioData): string {
  if (data.protocol !== undefined && !shippedProtocols.includes(data.protocol))
    throw new ScenarioError(
      `scenario '${data.name}': its protocol '${data.protocol}' is brought by its own file, and cannot stand in YAML`,
    );
  const text = stringify(toWritten(data), { lineWidth: 120 });
  const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
  if (!hidden.test(text.replaceAll('\n', ''))) return text;
  // Signs that an editor does not show can be written as escapes in double quotes alone.
  const quoted = { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE', blockQuote: false } as const;
  return stringify(toWritten(data), quoted).replace(hidden, (sign) => (sign === '\n' ? sign : escapeOf(sign)));
}

function escapeOf(sign: string): string {
  return Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}

/** Where a path is, or its key; for what is not there, its parent. */
function placeOf(document: Document.Parsed, lines: LineCounter, { path, isKey }: Mistake): Omit<Placed, 'message'> {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = nodeAt(document, path.slice(0, length), isKey === true && length === path.length);
    if (found?.range == null) continue;
    const [from, to] = found.range;
    return { ...lines.linePos(from), from, to };
  }
  return { line: 1, col: 1, from: 0, to: 0 };
}

function nodeAt(document: Document.Parsed, path: Path, isKey: boolean): { readonly range?: Range | null } | undefined {
  if (!isKey) return document.getIn(path, true) as { readonly range?: Range | null } | undefined;
  const map = document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return pair?.key as { readonly range?: Range | null } | undefined;
}
