/** Runs merged-recoveries.ts alone, in a process that no other test has loaded a native addon into. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

describe('recoveries that are merged', () => {
  it('give the verdict of each, and are fewer', () => {
    const node = ['--import', join(root, 'dev/strip-types.js'), '--conditions=lazurite-source'];
    const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--no-package', '--no-parallel'];
    const args = [...node, ...mocha, join(root, 'test/programs/merged-recoveries.ts')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.match(/2 passing/);
  }).timeout(240_000);
});
