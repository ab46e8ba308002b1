/** `init` from an empty folder: what it writes runs, and nothing is overwritten. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { command } from './command-run.ts';

const root = resolve(import.meta.dirname, '../../..');
const env = { ...process.env, NODE_OPTIONS: '' };

describe('init', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-init-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
  const lazurite = (...args: readonly string[]) => run(...command, ...args);

  for (const template of ['minimal', 'mocha'])
    it(`${template}: the scenario holds${template === 'mocha' ? ', and the tests pass' : ''}`, () => {
      expect(lazurite('init', '--template', template).status).to.equal(0);
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(root, join(folder, 'node_modules/lazurite'));
      symlinkSync(join(root, 'node_modules/chai'), join(folder, 'node_modules/chai'));
      const { status, stdout, stderr } = lazurite('run', 'scenarios');
      expect(stdout, stderr).to.contain('2 of 2 runs as expected');
      expect(status).to.equal(0);
      const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
      const [, ...crashpoints] = (scripts['crashpoints'] ?? '').split(' ');
      expect(lazurite(...crashpoints).status).to.equal(0);
      if (template !== 'mocha') return;
      const mocha = run(join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--timeout', '60000');
      expect(mocha.status, mocha.stdout).to.equal(0);
      expect(mocha.stdout).to.match(/3 passing/);
    });

  it('course: the tests of the exercises are red, those of the solutions green, and the roll call runs', () => {
    expect(lazurite('init', '--template', 'course').status).to.equal(0);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
    symlinkSync(join(root, 'node_modules/chai'), join(folder, 'node_modules/chai'));
    const { status, stdout } = lazurite('run', 'scenarios');
    expect(status, stdout).to.equal(0);
    expect(lazurite('crashpoints', 'scenarios/a-roll-call.js', '--node', 'B').status).to.equal(0);
    expect(lazurite('fuzz', 'scenarios/a-roll-call.js', '--runs', '60', '--seed', '1').status).to.equal(0);
    for (const which of ['exercises', 'solutions']) {
      const mocha = spawnSync(
        process.execPath,
        [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--timeout', '60000'],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { ...env, COURSE: which },
        },
      );
      const isSolved = which === 'solutions';
      expect(mocha.status, mocha.stdout).to.equal(isSolved ? 0 : 7);
      expect(mocha.stdout).to.match(isSolved ? /7 passing/ : /7 failing/);
      expect(mocha.stdout.match(/ways to break it/g)?.length ?? 0).to.equal(isSolved ? 0 : 7);
    }
  });

  it('writes nothing where one of its files stands already', () => {
    writeFileSync(join(folder, 'package.json'), '{}');
    const { status, stderr } = lazurite('init');
    expect(status).to.equal(2);
    expect(stderr).to.contain('holds package.json already; nothing was written');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).to.equal('{}');
    expect(() => readFileSync(join(folder, '.gitignore'))).to.throw();
  });
});
