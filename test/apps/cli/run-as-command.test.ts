/** `run` as a command: without a file, with files that are wrong, and with parts of a trace. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lazuriteIn, root } from './command-run.ts';

describe('run', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-run-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('shows a healthy run of as many validators as are asked for, whose token is found again', () => {
    const { status, stdout } = lazuriteIn(folder, ['run', '--validators', '4']);
    expect(stdout).to.match(/^✓ held {2}4 validators {2}seed 42, \d+ heights, 0 deaths, /);
    expect(status).to.equal(0);
    const { scenarios } = JSON.parse(lazuriteIn(folder, ['run', '--validators', '4', '--json']).stdout) as {
      readonly scenarios: readonly [{ readonly token: string; readonly hash: string }];
    };
    expect(lazuriteIn(folder, ['replay', scenarios[0].token]).stdout).to.contain(scenarios[0].hash);
    const neither = lazuriteIn(folder, ['run']);
    expect(neither.stderr).to.contain('run --validators 4');
    expect(neither.status).to.equal(2);
  });

  it('runs the right files of a folder of folders, reports each mistake of the others, and exits 2', () => {
    mkdirSync(join(folder, 'mixed/inner'), { recursive: true });
    writeFileSync(join(folder, 'mixed/1.yaml'), 'scenario: one\nvalidators: { A: 1 }\nseed: x\n');
    writeFileSync(join(folder, 'mixed/inner/2.yaml'), 'scenario: two\nvalidators: { A: 1 }\n');
    writeFileSync(join(folder, 'mixed/inner/3.yaml'), 'scenario: three\nvalidators: { A: x }\n');
    const { status, stdout, stderr } = lazuriteIn(folder, ['run', 'mixed']);
    expect(stdout).to.match(/✓ held {2}two[\s\S]*1 of 1 runs as expected/);
    expect(stderr.trim().split('\n')).to.have.length(2);
    expect(stderr).to.match(/1\.yaml:3:7: 'seed'[^\n]*\n.*3\.yaml:2:/);
    expect(status).to.equal(2);
    const json = lazuriteIn(folder, ['run', 'mixed', '--json']);
    const result = JSON.parse(json.stdout) as { readonly ok: boolean; readonly mistakes: readonly string[] };
    expect(result.ok).to.equal(false);
    expect(result.mistakes).to.have.length(2);
    expect(json.status).to.equal(2);
  });

  it('prints the lines around a death with --trace, and what the other flags choose', () => {
    const story = join(root, 'scenarios/library/06-a-torn-last-frame.ts');
    const events = (...flags: readonly string[]): readonly string[] =>
      lazuriteIn(folder, ['run', story, ...flags])
        .stdout.split('\n')
        .filter((line) => line.startsWith('#'));
    const around = events('--trace');
    expect(around).to.have.length.within(21, 42);
    expect(around.some((line) => line.includes('✕ crash'))).to.equal(true);
    expect(events('--kinds', 'death')).to.have.length(1);
    expect(events('--from', '0s').length).to.be.greaterThan(500);
    const replayed = lazuriteIn(folder, ['replay', story, '--kinds', 'death']).stdout;
    expect(replayed.match(/✕ crash/g)).to.have.length(1);
    const wrong = lazuriteIn(folder, ['run', story, '--kinds', 'vote.casted']);
    expect(wrong.stderr).to.contain("did you mean 'vote.cast'?");
    expect(wrong.stdout).to.equal('');
    expect(wrong.status).to.equal(2);
  });

  it('breaks lines at the width that COLUMNS names, and leaves them whole without', () => {
    const args = ['run', '--validators', '4'];
    const narrow = lazuriteIn(folder, args, { env: { COLUMNS: '60' } }).stdout.split('\n');
    expect(Math.max(...narrow.map((line) => line.length))).to.be.at.most(60);
    const { stdout } = lazuriteIn(folder, args, { env: { COLUMNS: '' } });
    expect(stdout.split('\n')[0]).to.match(/hash [0-9A-F]{16}$/);
  });
});
