/**
 * Writes docs/api/: for each entry point of the package what it exports, with its docstring and its declaration, from the built .d.ts files.
 * Under version control it is the report in which a change of the public face shows. `--check` fails where it is not up to date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commentText, exportsOf } from './api/declarations.ts';
import { type EntryPoint, fileOf, indexText, manualText, pageText } from './api/page.ts';

const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'docs/api');

interface Door {
  readonly types: string;
  readonly 'lazurite-source': string;
}

function entryPoints(): readonly EntryPoint[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, Door | string>>;
  };
  return Object.entries(manifest.exports).flatMap(([key, door]) => {
    if (typeof door === 'string') return [];
    const types = join(root, door.types);
    return [
      {
        name: `lazurite${key.slice(1)}`,
        manual: manualOf(join(root, door['lazurite-source'])),
        declared: exportsOf(types),
        augmented: /^declare global \{[\s\S]*?^\}/m.exec(readFileSync(types, 'utf8'))?.[0],
      },
    ];
  });
}

function manualOf(source: string): string {
  return manualText(commentText(/^\/\*\*[\s\S]*?\*\//.exec(readFileSync(source, 'utf8'))?.[0] ?? ''));
}

const all = entryPoints();
const pages = new Map([...all.map((entry) => [fileOf(entry), pageText(entry, all)] as const), ['README.md', indexText(all)]]);
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
