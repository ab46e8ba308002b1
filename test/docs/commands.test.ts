/** Every command that README and docs show is run, with the exit code that they promise (0 unless a comment says otherwise). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { command } from '../apps/cli/command-run.ts';

const root = resolve(import.meta.dirname, '../..');

interface Shown {
  readonly file: string;
  readonly args: readonly string[];
  readonly exit: number;
}

function commandsIn(file: string): readonly Shown[] {
  const text = readFileSync(join(root, file), 'utf8');
  // Followed in its own order by any-program.test.ts.
  if (file === 'docs/guide/any-program.md') return [];
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split('\n')
      .filter((line) => line.startsWith('npx lazurite '))
      .map((line): Shown => {
        const [words = '', comment = ''] = line.split(/\s+# /);
        const exit = Number(/exit (\d+)/.exec(comment)?.[1] ?? 0);
        return { file, args: words.trim().split(/\s+/).slice(2), exit };
      }),
  );
}

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Blocks that name a file are written into the folder of the commands, and their tests are run. */
const files = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/```js\n(\/\/ file: (\S+)\n[\s\S]*?)```/g)].map(
    ([, text = '', name = '']) => ({
      name,
      text,
    }),
  ),
);

describe('the commands that the documents show', function () {
  this.timeout(900_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-docs-'));
    for (const name of ['scenarios', 'docs']) symlinkSync(join(root, name), join(folder, name));
    // As `init course --template course` writes it.
    symlinkSync(join(root, 'docs/course'), join(folder, 'course'));
    symlinkSync(join(root, 'test/conformance/data/wal'), join(folder, 'logs'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
    symlinkSync(join(root, 'node_modules/chai'), join(folder, 'node_modules/chai'));
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  const shown = pages.flatMap(commandsIn);
  it('are there', () => {
    expect(shown.length).to.be.greaterThan(8);
  });

  for (const { file, args, exit } of shown)
    it(`${file}: lazurite ${args.join(' ')}`, () => {
      const { status, stderr } = spawnSync(process.execPath, [...command, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      expect(status, stderr).to.equal(exit);
    });

  const runMocha = (file: string): void => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        join(root, 'dev/strip-types.js'),
        '--conditions=lazurite-source',
        join(root, 'node_modules/mocha/bin/mocha.js'),
        '--no-config',
        '--no-package',
        '--timeout',
        '100000',
        file,
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.match(/\d+ passing/);
  };

  for (const { name } of files.filter((file) => file.name.includes('.test.')))
    it(`${name}, as a document shows it`, () => runMocha(name));

  it("README's own mocha tests run in a project that has the package installed", () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    writeFileSync(join(folder, 'readme.test.ts'), blocks.find((block) => block.includes('lazurite/mocha')) ?? '');
    runMocha('readme.test.ts');
  });

  it('README shows what its first scenario prints', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, shown = ''] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];
    const args = ['run', 'scenarios/library/01-the-lesson-of-the-log.ts'];
    const { stdout } = spawnSync(process.execPath, [...command, ...args], { cwd: folder, encoding: 'utf8' });
    const printed = stdout.split('\n');
    const lines = shown.trimEnd().split('\n');
    expect(lines.length).to.be.greaterThan(4);
    for (const line of lines) {
      const [start = '', rest] = line.split('...');
      expect(
        printed.some((one) => (rest === undefined ? one === line : one.startsWith(start))),
        line,
      ).to.equal(true);
    }
  });

  it('name no file that is not there', () => {
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
        const target = resolve(join(root, page), '..', link);
        expect(() => readFileSync(target), `${page} links to ${link}`).to.satisfy((read: () => unknown) => {
          try {
            read();
            return true;
          } catch (error) {
            return (error as { readonly code?: string }).code === 'EISDIR';
          }
        });
      }
    }
  });

  it('the reference says what the code says', () => {
    const args = [
      '--import',
      join(root, 'dev/strip-types.js'),
      '--conditions=lazurite-source',
      'dev/tools/reference/main.ts',
      '--check',
    ];
    expect(spawnSync(process.execPath, args, { cwd: root }).status, 'npm run reference writes it').to.equal(0);
  });
});
