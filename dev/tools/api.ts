/**
 * Writes docs/api/: for each entry point of the package what it exports, with its docstring and its declaration, from the built .d.ts files.
 * Under version control it is the report in which a change of the public face shows. `--check` fails where it is not up to date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

interface Declared {
  readonly name: string;
  readonly doc: string;
  readonly code: string;
}

const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'docs/api');

function exportsOf(file: string): readonly Declared[] {
  const text = readFileSync(file, 'utf8');
  const found: Declared[] = [];
  for (const [, from = ''] of text.matchAll(/^export \* from '([^']+)';/gm)) found.push(...exportsOf(resolved(file, from)));
  for (const [, names = '', from] of text.matchAll(/^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?;/gm)) {
    for (const entry of names.split(',').map((one) => one.trim().replace(/^type /, ''))) {
      if (entry === '') continue;
      const [inner = '', outer = inner] = entry.split(' as ');
      const known = from === undefined ? declarationsIn(text) : exportsOf(resolved(file, from));
      const declared = known.find(({ name }) => name === inner);
      if (declared !== undefined) found.push({ ...declared, name: outer });
    }
  }
  found.push(...declarationsIn(text));
  return found;
}

/** What an entry point adds to types that are there already, such as chai's assertions. */
function augmentedIn(file: string): readonly Declared[] {
  const code = /^declare global \{[\s\S]*?^\}/m.exec(readFileSync(file, 'utf8'))?.[0];
  return code === undefined ? [] : [{ name: 'global', doc: 'What it adds to types that are there already.', code }];
}

function resolved(file: string, from: string): string {
  return join(dirname(file), from.replace(/\.(ts|js)$/, '.d.ts'));
}

/** Each top-level declaration with the comment in front of it; it ends with the line at which its brackets are closed. */
function declarationsIn(text: string): readonly Declared[] {
  const lines = text.split('\n');
  const found: Declared[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const name = /^export (?:declare )?(?:abstract )?(?:function|class|interface|type|const) (\w+)/.exec(lines[at] ?? '')?.[1];
    if (name === undefined) continue;
    let end = at;
    const code = (): string => lines.slice(at, end + 1).join('\n');
    while (end < lines.length - 1 && (depthOf(code()) > 0 || !/[;}]\s*$/.test(lines[end] ?? ''))) end += 1;
    let start = at;
    if (/\*\/\s*$/.test(lines[at - 1] ?? '')) while (start > 0 && !/^\/\*\*/.test(lines[start] ?? '')) start -= 1;
    found.push({ name, doc: docIn(lines.slice(start, at)), code: code().replace(/^export (declare )?/, '') });
  }
  return found;
}

/** The text of a comment: its prose as one paragraph, then its examples as code, fenced or not. */
function docIn(comment: readonly string[]): string {
  const text = comment.map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)\s?/, '').replace(/\*\/\s*$/, '')).join('\n');
  const [prose = '', ...examples] = text.split(/^@example\n/m);
  const shown = examples.map((code) => (code.startsWith('```') ? code.trim() : `\`\`\`ts\n${code.trim()}\n\`\`\``));
  return [prose.replace(/\s+/g, ' ').trim(), ...shown].filter((part) => part !== '').join('\n\n');
}

function depthOf(code: string): number {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|'[^'\n]*'|`[^`]*`|=>/g, '');
  return [...bare].reduce((depth, sign) => depth + ('{(['.includes(sign) ? 1 : '})]'.includes(sign) ? -1 : 0), 0);
}

function page(entry: string, declared: readonly Declared[]): string {
  const sorted = [...new Map(declared.map((one) => [one.name, one])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.map(
    ({ name, doc, code }) => `## ${name}\n\n${doc === '' ? '' : `${doc}\n\n`}\`\`\`typescript\n${code}\n\`\`\`\n`,
  );
  return `# ${entry}\n\nGenerated from the docstrings by \`npm run api\`; ${sorted.filter(({ name }) => name !== 'global').length} exports.\n\n${parts.join('\n')}`;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly types?: string } | string>>;
};
const pages = new Map<string, string>();
for (const [key, value] of Object.entries(manifest.exports)) {
  if (typeof value === 'string' || value.types === undefined) continue;
  const entry = key === '.' ? 'lazurite' : `lazurite${key.slice(1)}`;
  const file = join(root, value.types);
  pages.set(`${entry.replaceAll('/', '-')}.md`, page(entry, [...exportsOf(file), ...augmentedIn(file)]));
}
if (process.argv.includes('--check')) {
  const stale = [...pages].filter(
    ([name, text]) => !existsSync(join(target, name)) || readFileSync(join(target, name), 'utf8') !== text,
  );
  const extra = existsSync(target) ? readdirSync(target).filter((name) => !pages.has(name)) : [];
  if (stale.length + extra.length > 0) {
    console.error(`docs/api is not up to date (${[...stale.map(([name]) => name), ...extra].join(', ')}): npm run api`);
    process.exitCode = 1;
  }
} else {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const [name, text] of pages) writeFileSync(join(target, name), text);
}
