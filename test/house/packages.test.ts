/** The packages of the project's card: installed in the version that package.json pins, and imported by the code. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { rooms } from '../../dev/layout.ts';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

const ofUsers = ['xstate', 'nanoid', 'cbor-x'];
const ofTests = ['mocha', 'chai'];

function sources(place: string): readonly string[] {
  if (statSync(join(root, place)).isFile()) return [place];
  const names = readdirSync(join(root, place), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(place, name));
}

/** Whether a source loads a package when it runs; an import of types alone does not. */
function imports(text: string, name: string): boolean {
  return new RegExp(`^(?:import|export) (?!type )[^;'"]*'${name}(?:/[^']*)?';|\\bimport\\('${name}'\\)`, 'm').test(text);
}

/** Whether a source declares that it needs the types of a package, for globals such as \`describe\` or \`Chai\`. */
function declares(text: string, name: string): boolean {
  return text.includes(`/// <reference types="${name}"`);
}

/** Files of a place with a text that fits; this one does not count. */
function having(place: string, fits: (text: string) => boolean): readonly string[] {
  const others = sources(place).filter((file) => join(root, file) !== import.meta.filename);
  return others.filter((file) => fits(readFileSync(join(root, file), 'utf8')));
}

describe("the packages of the project's card", () => {
  it('are what `npm ls --depth 0` lists, in the versions that package.json pins', () => {
    const { stdout } = spawnSync('npm ls --depth 0 --json', { cwd: root, encoding: 'utf8', shell: true });
    const listed = (JSON.parse(stdout) as { readonly dependencies: Readonly<Record<string, { readonly version?: string }>> })
      .dependencies;
    const pinned = { ...manifest.devDependencies, ...manifest.dependencies };
    for (const name of [...ofUsers, ...ofTests]) {
      expect(pinned[name], name).to.match(/^\d+\.\d+\.\d+$/);
      expect(listed[name]?.version, name).to.equal(pinned[name]);
    }
    expect(pinned['nanoid'], 'version 6 needs Node 22').to.match(/^5\./);
  });

  const shipped = [...new Set(rooms.map(({ folder }) => folder.split('/')[0] as string))].filter(
    (place) => place !== 'dev' && place !== 'test',
  );
  for (const name of ofUsers)
    it(`include ${name}, which the shipped code imports`, () => {
      expect(Object.keys(manifest.dependencies)).to.include(name);
      expect(shipped.flatMap((place) => having(place, (text) => imports(text, name)))).to.not.deep.equal([]);
    });

  it('include chai, which the tests import and the plugin of `testing` extends', () => {
    expect(having('test', (text) => imports(text, 'chai'))).to.not.deep.equal([]);
    expect(having('testing', (text) => declares(text, 'chai'))).to.not.deep.equal([]);
  });

  it('include mocha, which runs the tests and for which `testing` has fixtures', () => {
    expect(manifest.scripts['test']).to.match(/^mocha /);
    expect(having('testing', (text) => declares(text, 'mocha'))).to.not.deep.equal([]);
  });

  it('would be missed: an import of types, a comment and another package with a longer name are no use', () => {
    expect(imports("import { nanoid } from 'nanoid';", 'nanoid')).to.equal(true);
    expect(imports("import {\n  setup,\n} from 'xstate';", 'xstate')).to.equal(true);
    expect(imports("import 'chai/register';", 'chai')).to.equal(true);
    for (const text of ["import type { A } from 'nanoid';", "// import { nanoid } from 'nanoid';", "import x from 'nanoids';"])
      expect(imports(text, 'nanoid'), text).to.equal(false);
  });

  it('accept Node 20.19, those of development too', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
    };
    const refusing = Object.entries(packages).filter(([, { engines }]) => engines?.node !== undefined && !accepts(engines.node));
    expect(refusing.map(([name]) => name)).to.deep.equal([]);
  });

  it('include nothing by the pictures of the README, which are large', () => {
    const { stdout } = spawnSync('npm pack --dry-run --ignore-scripts --json', { cwd: root, encoding: 'utf8', shell: true });
    const packed = JSON.parse(stdout) as readonly {
      readonly size: number;
      readonly files: readonly { readonly path: string }[];
    }[];
    expect(packed[0]?.size).to.be.lessThan(2_500_000);
    expect(packed[0]?.files.filter(({ path }) => path.startsWith('docs/pictures/'))).to.deep.equal([]);
  });
});

/** Whether a range of versions lets in 20.19.0: ranges by `||`, and in each some of `>=`, `^`, `<` and a bare number. */
function accepts(range: string): boolean {
  const isMet = (part: string): boolean => {
    const [, sign = '', version = ''] = /^(>=|>|<=|<|\^|~|)v?(.*)$/.exec(part) ?? [];
    if (/^[*x]?$/.test(version)) return true;
    const wanted = version.split('.').map((number) => (/^\d+$/.test(number) ? Number(number) : 0));
    const order = [20, 19, 0].reduce((found, number, place) => (found === 0 ? number - (wanted[place] ?? 0) : found), 0);
    if (sign === '>=' || sign === '>') return order >= 0;
    if (sign === '<' || sign === '<=') return order < 0;
    return wanted[0] === 20 && order >= 0;
  };
  const parts = (one: string): readonly string[] =>
    one
      .replaceAll(/(>=|>|<=|<|\^|~)\s+/g, '$1')
      .trim()
      .split(/\s+/);
  return range.split('||').some((one) => parts(one).every(isMet));
}
