/** The test library under mocha, vitest without globals, and node:test: one suite for all, in a small project that has the package installed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { command } from '../../apps/cli/command-run.ts';

const root = resolve(import.meta.dirname, '../../..');

const vitestConfig = (file: string): string =>
  `export default { test: { include: ['${file}'] } };
`;

describe('the test library under each runner', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-runners-'));
    cpSync(join(root, 'test/testing/runners/project'), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
    for (const name of ['chai', 'vitest', 'vite'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  });
  after(() => rmSync(folder, { recursive: true }));

  const mochaMain = join(root, 'node_modules/mocha/bin/mocha.js');
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });

  /** Three tests by hand, and two that are generated. */
  const all = 5;

  it('mocha, without any setting', () => {
    const { status, stdout, stderr } = run([mochaMain, '--no-config', 'mocha.test.js']);
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.contain(`${all} passing`);
  });

  it('node:test', () => {
    const { status, stdout, stderr } = run(['--test', '--test-reporter=tap', 'node-test.test.js']);
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.match(new RegExp(`^# pass ${all}$`, 'm'));
  });

  it('vitest without globals', () => {
    writeFileSync(join(folder, 'vitest.config.js'), vitestConfig('vitest.test.js'));
    const { status, stdout, stderr } = run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--no-color']);
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.contain(`${all} passed`);
  });

  describe('itSurvivesEveryPowerLoss', () => {
    const runners: Readonly<Record<string, readonly string[]>> = {
      mocha: [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', 'power-loss.test.js'],
      'node:test': ['--test', '--test-reporter=tap', 'power-loss.test.js'],
      vitest: [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--no-color', '--config', 'power-loss.config.js'],
    };
    for (const [runner, args] of Object.entries(runners))
      it(`under ${runner}: one test is green, and the other names the rename and leaves its files`, () => {
        writeFileSync(join(folder, 'power-loss.config.js'), vitestConfig('power-loss.test.js'));
        rmSync(join(folder, 'test-results'), { recursive: true, force: true });
        const { status, stdout, stderr } = run(args);
        const said = `${stdout}\n${stderr}`;
        expect(status, said).to.equal(1);
        expect(said).to.match(/1 passing|1 passed|^# pass 1$/m);
        expect(said).to.match(/1 failing|1 failed|^# fail 1$/m);
        expect(said).to.match(
          /the rename of new to state is lost at power-loss\.test\.js:8: the directory was never synced after it/,
        );
        expect(readFileSync(join(folder, 'test-results/forgets-to-sync-its-folder-1/new'), 'utf8')).to.equal('value');
      });
  });

  it('mocha with the root hooks keeps what failed: a page, and a file that replays to the same hash', () => {
    const failing = `import { expect, use } from 'chai';
import { event, scenario } from 'lazurite';
import { lazuriteChai } from 'lazurite/chai';
use(lazuriteChai);
it('fails on purpose', () => {
  const run = scenario('four', { A: 1, B: 1, C: 1, D: 1 })
    .variants({ name: 'no log', wal: 'none' })
    .fault({ ...event('height.start', { height: 3 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 1500 })
    .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 100 })
    .safetyPhase('2s')
    .run();
  expect(run).to.not.equivocate();
}).timeout(60_000);
it('wants too much', () => {
  expect(scenario('soon', { A: 1, B: 1, C: 1, D: 1 }).run()).to.decide(3, { within: '1ms' });
}).timeout(60_000);
`;
    writeFileSync(join(folder, 'failing.test.js'), failing);
    // To make a page takes longer than this. The hook that makes it must not fail for that, as that would end the suite.
    const mocha = [mochaMain, '--no-config', '--timeout', '100'];
    const { status, stderr } = run([...mocha, '--require', join(root, 'dist/apps/page/mocha.js'), 'failing.test.js']);
    expect(status).to.equal(2);
    const kept = (name: string) => `kept: look at test-results/${name}.html, or npx lazurite replay test-results/${name}.json`;
    expect(stderr).to.contain(`${kept('fails-on-purpose')}\n`);
    // Its replay will be green.
    expect(stderr).to.contain(`${kept('wants-too-much')} (no property is violated`);
    expect(readFileSync(join(folder, 'test-results/fails-on-purpose.html'), 'utf8')).to.match(/^<!doctype html>/);
    const replayed = run([...command, 'replay', 'test-results/fails-on-purpose.json', '--json']);
    expect(replayed.status, replayed.stderr).to.equal(1);
    const { hash, recorded } = JSON.parse(replayed.stdout) as { readonly hash: string; readonly recorded: string };
    expect(hash).to.equal(recorded);
  });
});
