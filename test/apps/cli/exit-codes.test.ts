/** Exit codes, in their order; and that a user's mistake is never called a bug (70) or a violation (1). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Ending, exitCodeOf } from '../../../apps/cli/exit-code.ts';
import { command, lazuriteIn, root } from './command-run.ts';

describe('exit codes', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-exit-'));
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'configured'));
    writeFileSync(join(folder, 'configured/lazurite.config.js'), "throw new Error('no good');\n");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the gravest thing that came about: 130, 1, 3, 4, 5, 0', () => {
    const order: readonly (readonly [keyof Ending, number])[] = [
      ['isInterrupted', 130],
      ['isViolated', 1],
      ['isUndecided', 3],
      ['isEmpty', 4],
      ['isOther', 5],
    ];
    for (let mask = 0; mask < 2 ** order.length; mask += 1) {
      const chosen = order.filter((_, bit) => (mask & (1 << bit)) !== 0);
      expect(exitCodeOf(Object.fromEntries(chosen.map(([key]) => [key, true])))).to.equal(chosen[0]?.[1] ?? 0);
    }
  });

  for (const [what, args, says] of [
    ['a folder that is a file', ['init', 'file'], /^file: this is a file; give a folder/],
    ['a shell of no known name', ['completion', '__proto__'], /^completion __proto__: there are bash, zsh, fish/],
    [
      'a token that leads out of its folder',
      ['replay', 'f.../../../x'],
      /^'f\.\.\.\/\.\.\/\.\.\/x' is no token of a kept failure/,
    ],
    ['a path through a file', ['run', 'file/within.yaml'], /^file\/within\.yaml: there is no such file or folder/],
    [
      'an output on a device that is full',
      ['fmt', join(root, 'scenarios/yaml/four-validators.yaml'), '--force', '--out', '/dev/full'],
      /^\/dev\/full: it cannot be written: no space is left on the device \(ENOSPC\)/,
    ],
  ] as const)
    it(`are 2 for ${what}`, () => {
      const { status, stdout, stderr } = lazuriteIn(folder, args);
      expect(stderr).to.match(says);
      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
    });

  it('are 2 for a configuration that throws', () => {
    const { status, stderr } = lazuriteIn(join(folder, 'configured'), ['list']);
    expect(stderr).to.equal('lazurite.config.js: no good\n');
    expect(status).to.equal(2);
  });

  it('are 2 where the standard output cannot be written', () => {
    const words = [process.execPath, ...command, 'list'].map((word) => `'${word}'`).join(' ');
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { status, stderr } = spawnSync('sh', ['-c', `${words} > /dev/full`], { cwd: folder, encoding: 'utf8', env });
    expect(stderr).to.equal(
      'standard output: it cannot be written: write: no space is left on the device (ENOSPC); free some space or give a path on another disk\n',
    );
    expect(status).to.equal(2);
  });
});
