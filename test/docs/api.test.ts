/** The tool that writes docs/api, and what the docstrings of the public face must say. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { type Declared, declarationsIn, exportsOf } from '../../dev/tools/api/declarations.ts';
import { pageText } from '../../dev/tools/api/page.ts';
import { faultKinds } from '../../scenarios/index.ts';

const root = resolve(import.meta.dirname, '../..');

/** What the entry points of the built package export, each once. */
function exported(): readonly Declared[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  const all = Object.values(manifest.exports).flatMap((door) =>
    typeof door === 'string' ? [] : exportsOf(join(root, door.types)),
  );
  return [...new Map(all.map((one) => [`${one.file} ${one.name}`, one])).values()];
}

describe('the API pages', () => {
  it('show every member of a union, behind comments and brackets', () => {
    const text = [
      'export type Fault = ',
      '/** Power; with a semicolon. */',
      '{',
      "    readonly type: 'crash; }';",
      '} | {',
      "    readonly type: 'kill';",
      '}',
      '/** A copy is taken, and put back. */',
      ' | {',
      "    readonly type: 'old-snapshot';",
      '};',
      'export interface After {}',
    ].join('\n');
    const [first, second] = declarationsIn(text, 'x.d.ts');
    expect(first?.code)
      .to.match(/^type Fault = /)
      .and.to.match(/'old-snapshot';\n\};$/);
    expect(second?.code).to.equal('interface After {}');
    const page = readFileSync(join(root, 'docs/api/lazurite.md'), 'utf8');
    const [, section = ''] = /^## Fault$([\s\S]*?)^## /m.exec(page) ?? [];
    expect(Object.keys(faultKinds).filter((kind) => !section.includes(`'${kind}'`))).to.deep.equal([]);
  });

  it('show all overloads of a function', () => {
    const text = 'export declare function one(a: string): void;\nexport declare function one(a: number): void;\n';
    expect(declarationsIn(text, 'x.d.ts').map(({ code }) => code)).to.deep.equal([
      'function one(a: string): void;\nfunction one(a: number): void;',
    ]);
  });

  it('link to the types that a declaration uses, on this page and on others', () => {
    const declared = (name: string, code: string, comment = ''): Declared => ({ name, code, comment, file: 'x.d.ts' });
    const run = declared('run', 'function run(plan: Plan): Other;', 'Runs a `Plan`. Throws `Other` when it fails.');
    const here = { name: 'lazurite', manual: '', augmented: undefined, declared: [run, declared('Plan', 'interface Plan {}')] };
    const there = { name: 'lazurite/wal', manual: '', augmented: undefined, declared: [declared('Other', 'class Other {}')] };
    const page = pageText(here, [here, there]);
    expect(page).to.contain('Runs a [`Plan`](#plan).\n\n**Throws** [`Other`](lazurite-wal.md#other) when it fails.');
    expect(page).to.contain('See [`Other`](lazurite-wal.md#other), [`Plan`](#plan).');
  });

  it('say of each function, class and constant what it is', () => {
    const silent = exported().filter(({ comment, code }) => comment === '' && /^(abstract )?(function|class|const)/.test(code));
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });

  it('say which errors a function throws by itself', () => {
    const silent = exported().filter(({ name, file, comment, code }) => {
      const source = file.replace(`${root}/dist/`, `${root}/`).replace(/\.d\.ts$/, '.ts');
      if (!code.startsWith('function ') || !existsSync(source)) return false;
      return throwsIn(readFileSync(source, 'utf8'), name).length > 0 && !/\bThrows\b/.test(comment);
    });
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
    expect(throwsIn('export function a(): void {\n  throw new Error();\n}\n', 'a')).to.deep.equal(['Error']);
  });
});

/** The errors that the body of a function creates. */
function throwsIn(source: string, name: string): readonly string[] {
  const start = source.search(new RegExp(`^export (?:async )?function ${name}\\b`, 'm'));
  if (start === -1) return [];
  const body = source.slice(start, source.indexOf('\n}', start));
  return [...body.matchAll(/throw new (\w+)/g)].map(([, error = '']) => error);
}
