/** `npm run kills`: writers on real files are killed at random; and a log that never syncs is caught. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

function kills(...args: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  const node = ['--import', './dev/strip-types.js', '--conditions=lazurite-source', 'dev/tools/kills.ts'];
  return spawnSync(process.execPath, [...node, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

describe('npm run kills', function () {
  this.timeout(600_000);

  it('loses nothing that was acknowledged, and of two writers refuses one', () => {
    const { status, stdout } = kills('10', '--only', 'log');
    expect(stdout).to.match(
      /^10 kills, \d+ of them with a loss of power, 1 second writers refused, [1-9]\d* acknowledgements, 0 losses/,
    );
    expect(status).to.equal(0);
  });

  it('catches a log without fsync within 100 kills', () => {
    const { status, stdout } = kills('100', '--no-fsync');
    expect(stdout).to.match(/^lost after kill \d+/);
    expect(status).to.equal(1);
  });
});
