/** The layout: imports follow the table of dev/layout.ts, and no file imports itself through others. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { layoutMap, mayImport, roomOf, rooms } from '../../dev/layout.ts';
import { exhibits } from '../../museum/index.ts';

const root = resolve(import.meta.dirname, '../..');
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n');
const files = listed.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('docs/') && existsSync(join(root, file)));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Relative imports of a file, types and late ones included. */
function importsOf(file: string): readonly string[] {
  const found = textOf(file).matchAll(
    /^(?:import|export)\s[^;'"]*?from\s'(\.[^']+)'|^import\s'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm,
  );
  return [...found].map(([, named, bare, late]) => relative(root, resolve(root, dirname(file), named ?? bare ?? late ?? '')));
}

const graph = new Map(files.map((file) => [file, importsOf(file).filter((to) => /\.tsx?$/.test(to))]));

/** Groups of files that import each other in a circle: Tarjan's strongly connected components. */
function circles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const found: (readonly string[])[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) as number);
    path.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (path.includes(next)) lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(next) as number));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = path.splice(path.indexOf(file));
    if (group.length > 1) found.push(group);
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return found;
}

describe('the layout', () => {
  it('was read: at least 300 files, each in a folder of the table', () => {
    expect(files.length).to.be.at.least(300);
    expect(files.filter((file) => roomOf(file) === undefined)).to.deep.equal([]);
    expect([...graph.values()].flat().length).to.be.greaterThan(1000);
  });

  it('has no import against the table', () => {
    const wrong = [...graph].flatMap(([from, all]) =>
      all.filter((to) => !mayImport(from, to)).map((to) => `${from} imports ${to}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('lets the checker import types alone from what it judges', () => {
    const values = files
      .filter((file) => file.startsWith('checker/'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/^import (?!type )[^;]*?from '(\.\.\/\.\.\/(?:actors|wal)[^']*)'/gm)].map(
          ([, from]) => `${file}: ${from}`,
        ),
      );
    expect(values).to.deep.equal([]);
  });

  it('lets the checker compute its digests by itself', () => {
    const digests = files.filter((file) => file.startsWith('checker/') && textOf(file).includes('core/digest'));
    expect(digests).to.deep.equal([]);
  });

  it('has no circle of files', () => {
    expect(circles(graph)).to.deep.equal([]);
  });

  it('would notice a circle, and an import that runs upward', () => {
    expect(
      circles(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
          ['d', ['a']],
        ]),
      ),
    ).to.have.length(1);
    expect(mayImport('core/digest.ts', 'wal/frames.ts')).to.equal(false);
    expect(mayImport('checker/tendermint/votes.ts', 'actors/node/gate.ts')).to.equal(false);
    expect(mayImport('wal/log.ts', 'wal/inspection/inspect.ts')).to.equal(false);
  });

  it('has at its root the folders of the table and the files that a newcomer looks for', () => {
    const known = new Set(rooms.map(({ folder }) => folder.split('/')[0]));
    const expected = [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'package.json',
      'package-lock.json',
    ];
    const others = ['tsconfig.json', 'biome.json', '.gitignore', '.ci', '.github', 'docs', 'apps'];
    const found = new Set(listed.filter((file) => file !== '').map((file) => file.split('/')[0] as string));
    expect([...found].filter((name) => !known.has(name) && !expected.includes(name) && !others.includes(name))).to.deep.equal([]);
  });

  it('has tests in folders that are named like those of the code', () => {
    const special = ['house', 'must-not-compile', 'conformance', 'fixtures', 'docs'];
    const folders = readdirSync(join(root, 'test'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(
      folders.filter(({ name }) => !special.includes(name) && !existsSync(join(root, name))).map(({ name }) => name),
    ).to.deep.equal([]);
  });

  it('keeps honest code from knowing a broken node by name', () => {
    const honest = files.filter((file) => /^(core|wal|network-sim|actors|forensics|checker)\//.test(file));
    const names = exhibits.map(({ name }) => name);
    const found = honest.flatMap((file) =>
      names.filter((name) => textOf(file).includes(`'${name}'`)).map((name) => `${file}: ${name}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('is the map that docs/how-it-works.md shows', () => {
    expect(textOf('docs/how-it-works.md')).to.contain(layoutMap());
  });
});
