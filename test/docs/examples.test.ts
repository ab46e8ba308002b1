/** Each `@example` in a docstring compiles, runs, and prints exactly what its lines `// prints ...` say. Each folder's index.ts has one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { rooms } from '../../dev/layout.ts';

const root = resolve(import.meta.dirname, '../..');
/** The folders of the library. The others are programs, and have no manual in an index.ts. */
const library = rooms
  .map(({ folder }) => folder)
  .filter((folder) => !/^(apps|dev|test)(\/|$)|\.ts$/.test(folder))
  .filter((folder, _, all) => !all.some((other) => folder.startsWith(`${other}/`)));

interface Example {
  readonly file: string;
  /** The example as a module. Its relative imports are absolute paths. */
  readonly source: string;
  readonly prints: readonly string[];
}

function examplesIn(file: string, text: string): readonly Example[] {
  const comments = text.match(/^ *\/\*\*[\s\S]*?\*\//gm) ?? [];
  return comments.flatMap((comment) => {
    const lines = comment.split('\n').map((line) => line.replace(/^ *(\/\*\*|\*\/|\* ?)/, ''));
    const [, ...examples] = lines.join('\n').split(/^@example\n/m);
    return examples.map((example): Example => {
      const source = example.replaceAll(/^```.*$/gm, '');
      const prints = [...source.matchAll(/^\/\/ prints (.*)$/gm)].map(([, printed = '']) => printed);
      const absolute = (_: string, path: string): string => `from '${resolve(root, dirname(file), path)}'`;
      return { file, source: source.replaceAll(/from '(\.{1,2}\/[^']*)'/g, absolute), prints };
    });
  });
}

/** Imports each example in turn, and writes the lines that it prints. */
const runner = `
import { format } from 'node:util';
const all = [];
for (const file of process.argv.slice(2)) {
  const lines = [];
  console.log = (...values) => lines.push(...format(...values).split('\\n'));
  await import(file);
  all.push(lines);
}
process.stdout.write(JSON.stringify(all));
`;

describe('the examples in docstrings', function () {
  this.timeout(120_000);
  const files = ['index.ts', ...library.flatMap(sourcesIn)];
  const examples = files.flatMap((file) => examplesIn(file, readFileSync(join(root, file), 'utf8')));
  const modules = examples.map((_, index) => `example-${index}.ts`);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-examples-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
    symlinkSync(join(root, 'node_modules/xstate'), join(folder, 'node_modules/xstate'));
    writeFileSync(join(folder, 'run.mjs'), runner);
    for (const [index, { source }] of examples.entries()) writeFileSync(join(folder, modules[index] as string), source);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are in the manual at the head of each index.ts, and each prints something', () => {
    const withExample = new Set(examples.map(({ file }) => file));
    const silent = files.filter((file) => /(^|\/)index\.ts$/.test(file) && !withExample.has(file));
    expect(silent).to.deep.equal([]);
    expect(examples.filter(({ prints }) => prints.length === 0).map(({ file }) => file)).to.deep.equal([]);
  });

  it('print what they say', () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        join(root, 'dev/strip-types.js'),
        '--conditions=lazurite-source',
        'run.mjs',
        ...modules.map((module) => join(folder, module)),
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    expect(stdout, stderr).to.not.equal('');
    const printed = JSON.parse(stdout) as readonly (readonly string[])[];
    expect(examples.map(({ file }, index) => [file, printed[index]])).to.deep.equal(
      examples.map(({ file, prints }) => [file, prints]),
    );
  });

  it('compile', () => {
    const compilerOptions = {
      isolatedDeclarations: false,
      declaration: false,
      rootDir: '/',
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
      typeRoots: [join(root, 'node_modules/@types')],
    };
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    expect(status, stdout).to.equal(0);
  });
});

function sourcesIn(name: string): readonly string[] {
  return readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(library|peers)\//.test(file))
    .map((file) => `${name}/${file}`);
}
