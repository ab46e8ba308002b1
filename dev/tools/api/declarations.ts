/** Declarations in the text of a built .d.ts file, each with the comment in front of it, and the names that a file exports. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Declared {
  readonly name: string;
  /** The comment, without its stars; empty: there is none. */
  readonly comment: string;
  readonly code: string;
  /** The file that declares it. */
  readonly file: string;
}

/** What a file exports. A function with overloads is there once, with all of them. */
export function exportsOf(file: string): readonly Declared[] {
  const text = readFileSync(file, 'utf8');
  const found = new Map(declarationsIn(text, file).map((one) => [one.name, one]));
  for (const [, from = ''] of text.matchAll(/^export (?:type )?\* from '([^']+)';/gm))
    for (const one of exportsOf(resolved(file, from))) found.set(one.name, one);
  for (const [, list = '', from] of text.matchAll(/^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?;/gm))
    for (const { inner, outer } of namesIn(list)) {
      const source = from ?? importOf(text, inner);
      const known = source?.startsWith('.') === true ? exportsOf(resolved(file, source)) : [];
      const declared = known.find(({ name }) => name === inner) ?? found.get(inner);
      if (declared === undefined) throw new Error(`${file} exports ${inner}, and nothing declares it`);
      // Under another name it is declared as this one.
      const code = inner === outer ? declared.code : declared.code.replace(new RegExp(`\\b${inner}\\b`), outer);
      found.set(outer, { ...declared, name: outer, code });
    }
  return [...found.values()];
}

function namesIn(list: string): readonly { readonly inner: string; readonly outer: string }[] {
  const entries = list.split(',').map((one) => one.trim().replace(/^type /, ''));
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [inner = '', outer = inner] = entry.split(' as ');
      return { inner, outer };
    });
}

function importOf(text: string, name: string): string | undefined {
  for (const [, list = '', from = ''] of text.matchAll(/^import (?:type )?\{([^}]*)\} from '([^']+)';/gm))
    if (namesIn(list).some(({ outer }) => outer === name)) return from;
  return undefined;
}

function resolved(file: string, from: string): string {
  return join(dirname(file), from.replace(/\.(ts|js)$/, '.d.ts'));
}

const opening =
  /^(?:(?:export )?(?:declare )|export )(?:default )?(?:abstract )?(function|class|interface|type|const) ([\w$]+)/gm;

/** Each top-level declaration. Exported or not: a file may export it by another name. */
export function declarationsIn(text: string, file: string): readonly Declared[] {
  const found = new Map<string, Declared>();
  for (const match of text.matchAll(opening)) {
    const [, kind = '', name = ''] = match;
    const code = text.slice(match.index, endOf(text, match.index, kind)).replace(/^export (declare )?(default )?|^declare /, '');
    const before = found.get(name);
    if (before === undefined) found.set(name, { name, comment: commentBefore(text, match.index), code, file });
    else {
      const comment = commentBefore(text, match.index);
      const words = comment === '' || before.comment !== '' ? before.comment : comment;
      found.set(name, { ...before, comment: words, code: `${before.code}\n${code}` });
    }
  }
  return [...found.values()];
}

/** Where a declaration ends: after the bracket that closes an interface or a class, after the semicolon of all others. */
function endOf(text: string, start: number, kind: string): number {
  const isBlock = kind === 'interface' || kind === 'class';
  const token = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|[{}()[\];]/g;
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [sign] = found;
    if (sign === '{' || sign === '(' || sign === '[') depth += 1;
    if (sign === '}' || sign === ')' || sign === ']') depth -= 1;
    const isEnd = depth === 0 && (sign === ';' || (isBlock && sign === '}'));
    if (isEnd) return token.lastIndex;
  }
  return text.length;
}

/** The comment that ends on the line before. */
function commentBefore(text: string, at: number): string {
  const before = text.slice(0, at);
  if (!/\*\/\s*$/.test(before)) return '';
  return commentText(before.slice(before.lastIndexOf('/**')));
}

export function commentText(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)\s?/, '').replace(/\s*\*\/\s*$/, ''))
    .join('\n')
    .trim();
}
