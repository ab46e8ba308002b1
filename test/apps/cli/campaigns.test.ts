/** Campaigns from the command line: what they print for machines, tokens that replay, failures that are kept. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { formatToken, parseToken, type RunName } from '../../../scenarios/index.ts';
import { command } from './command-run.ts';

const root = resolve(import.meta.dirname, '../../..');
const story = 'scenarios/library/02-the-proposer-proposes-again.ts';

describe('campaigns', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-campaigns-'));
    symlinkSync(join(root, 'scenarios'), join(folder, 'scenarios'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const lazurite = (
    ...args: readonly string[]
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, [...command, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });

  it('crashpoints names each failure by a token that replays to the same hash in another process', () => {
    const flags = ['--node', 'C', '--site', 'publish', '--break', 'no-fsync', '--jobs', '1', '--json'];
    const { status, stdout } = lazurite('crashpoints', story, ...flags);
    const result = JSON.parse(stdout) as {
      failures: { property: string; token: string; hash: string; count: number }[];
      violated: number;
    };
    expect(status).to.equal(1);
    expect(result.violated).to.be.greaterThan(0);
    for (const { token, hash } of result.failures) {
      const again = JSON.parse(lazurite('replay', token, '--json').stdout) as { hash: string; verdict: string };
      expect(again.hash).to.equal(hash);
      expect(again.verdict).to.equal('violated');
    }
    // The last of them is kept too, as a scenario of its own.
    const last = JSON.parse(lazurite('replay', 'last', '--json').stdout) as { hash: string; recorded: string };
    expect(result.failures.map(({ hash }) => hash)).to.include(last.hash);
    expect(last.recorded).to.equal(last.hash);
  });

  it('gives the same certificate with one worker and with two', () => {
    const of = (jobs: string): unknown => {
      const { stdout } = lazurite('crashpoints', story, '--node', 'C', '--site', 'wal.flush,publish', '--jobs', jobs, '--json');
      const { ms: _time, ...certificate } = JSON.parse(stdout) as Record<string, unknown>;
      return certificate;
    };
    expect(of('1')).to.deep.equal(of('2'));
  });

  it('fuzz keeps the smallest failure, which replays to its recorded hash, and is tried first next time', () => {
    const flags = ['--runs', '8', '--seed', '1', '--break', 'no-wal', '--jobs', '1', '--json'];
    const first = JSON.parse(lazurite('fuzz', story, ...flags).stdout) as {
      failures: { shrunk: { token: string; faults: number; isMinimal: boolean } }[];
    };
    const { token, faults, isMinimal } = first.failures[0]?.shrunk ?? { token: '', faults: 9, isMinimal: false };
    expect(faults).to.be.at.most(2);
    expect(isMinimal).to.equal(true);
    const { status, stdout } = lazurite('replay', token, '--json');
    const replayed = JSON.parse(stdout) as { ok: boolean; hash: string; recorded: string };
    expect(status).to.equal(1);
    expect(replayed.hash).to.equal(replayed.recorded);
    const next = JSON.parse(lazurite('fuzz', story, ...flags).stdout) as { again: { token: string; stillFails: boolean }[] };
    expect(next.again.find((one) => one.token === token)?.stillFails).to.equal(true);
  });

  it('fuzz takes four validators where no file is given, and its tokens find them again', () => {
    const flags = ['--runs', '4', '--seed', '1', '--break', 'no-wal', '--no-shrink', '--jobs', '1', '--json'];
    const { failures } = JSON.parse(lazurite('fuzz', ...flags).stdout) as { failures: readonly { readonly token: string }[] };
    const { status, stdout } = lazurite('replay', failures[0]?.token ?? '', '--json');
    expect(status).to.equal(1);
    expect((JSON.parse(stdout) as { verdict: string }).verdict).to.equal('violated');
  });

  it('fuzz does not try again what a broken variant broke, when the honest node is fuzzed', () => {
    const lesson = 'scenarios/library/01-the-lesson-of-the-log.ts';
    const flags = ['--node', 'B', '--site', 'publish', '--heights', '1', '--variant', 'fsync skipped', '--jobs', '1'];
    expect(lazurite('crashpoints', lesson, ...flags).status).to.equal(1);
    expect(lazurite('fuzz', lesson, '--runs', '2', '--seed', '1', '--jobs', '1').status).to.equal(0);
    const broken = JSON.parse(
      lazurite('fuzz', lesson, '--runs', '1', '--seed', '1', '--break', 'no-fsync', '--no-shrink', '--jobs', '1', '--json')
        .stdout,
    ) as { again: readonly { readonly stillFails: boolean }[] };
    expect(broken.again.some(({ stillFails }) => stillFails)).to.equal(true);
  });

  it('fuzz is red when no run came to a pair that it must reach, and refuses one that none can come to', () => {
    const file = 'scenarios/library/25-raft-loses-power.ts';
    const missed = lazurite('fuzz', file, '--runs', '2', '--seed', '1', '--jobs', '1', '--must-reach', 'downgrade+step.leading');
    expect(missed.stdout).to.contain("no run came by 'downgrade+step.leading'");
    expect(missed.status).to.equal(1);
    const met = lazurite('fuzz', file, '--runs', '6', '--seed', '1', '--jobs', '1', '--must-reach', 'crash+wal.height-replayed');
    expect(met.status, met.stdout).to.equal(0);
    const refused = lazurite('fuzz', file, '--runs', '2', '--must-reach', 'crash+wal.abstains');
    expect(refused.stderr).to.contain('no run comes to');
    expect(refused.status).to.equal(2);
  });

  it('fuzz is red when no run came by a mark that it must reach', () => {
    const flags = ['--runs', '3', '--seed', '1', '--jobs', '1', '--json'];
    const { status, stdout } = lazurite('fuzz', ...flags, '--must-reach', 'tendermint.locked,wal.store-behind');
    expect(status).to.equal(1);
    expect(JSON.parse(stdout)).to.deep.include({ ok: false, violated: 0, missed: ['wal.store-behind'] });
    expect(lazurite('fuzz', ...flags, '--must-reach', 'tendermint.locked').status).to.equal(0);
    expect(lazurite('fuzz', ...flags, '--must-reach', 'wal.torn-tail-ct').stderr).to.contain("did you mean 'wal.torn-tail-cut'?");
  });

  it('explore keeps the order of messages: the token, both languages and the mocha test give one run', () => {
    const flags = [
      '--node',
      'B',
      '--strategy',
      'random',
      '--runs',
      '150',
      '--seed',
      '3',
      '--break',
      'timeouts-unlogged',
      '--disks',
      'all',
      '--json',
    ];
    const { victims } = JSON.parse(lazurite('explore', story, ...flags).stdout) as {
      victims: readonly { readonly violations: readonly { readonly token: string }[] }[];
    };
    const token = victims[0]?.violations[0]?.token ?? '';
    const hash = token.slice(2);
    for (const file of ['kept.ts', 'kept.yaml']) {
      expect(lazurite('replay', token, '--save', file).status).to.equal(1);
      const { scenarios } = JSON.parse(lazurite('run', file, '--json').stdout) as {
        scenarios: readonly { readonly hash: string; readonly asExpected: boolean }[];
      };
      expect(scenarios[0], file).to.deep.include({ hash, asExpected: true });
    }
    expect(readFileSync(join(folder, 'kept.yaml'), 'utf8')).to.contain('disks: all');
    expect(lazurite('replay', token, '--as', 'mocha').stdout).to.contain('.schedule({ victim: ');
  });

  it('a run without a file has a token that finds it again', () => {
    const { scenarios } = JSON.parse(
      lazurite('run', '--validators', '5', '--crash', 'B@1.0/wal.flush~1:before', '--until', '2s', '--json').stdout,
    ) as { scenarios: readonly { readonly token: string; readonly hash: string }[] };
    const [{ token, hash } = { token: '', hash: '' }] = scenarios;
    expect((JSON.parse(lazurite('replay', token, '--json').stdout) as { hash: string }).hash).to.equal(hash);
  });

  it('a run that is never the same is told so when it is replayed', () => {
    const { rows } = JSON.parse(lazurite('museum', '--exhibit', 'unseeded-choice', '--runs', '2', '--json').stdout) as {
      rows: readonly { readonly smallest: { readonly token: string } }[];
    };
    const { status, stdout } = lazurite('replay', rows[0]?.smallest.token ?? '');
    expect(stdout).to.contain('determinism was violated');
    expect(status).to.equal(1);
  });

  it('fuzz says that nothing matched where there is no seed to run', () => {
    for (const [flags, words] of [
      [['--runs', '0'], 'no seed matched: --runs 0'],
      [['--runs', '5', '--shard', '3/4'], 'no seed matched: 5 seeds are units of up to 10, and none of these is in shard 3 of 4'],
    ] as const) {
      const { status, stdout, stderr } = lazurite('fuzz', ...flags, '--must-reach', 'wal', '--jobs', '1', '--json');
      expect(JSON.parse(stdout)).to.deep.include({ ok: false, runs: 0 });
      expect(stderr).to.contain(words);
      expect(status).to.equal(4);
    }
    expect(lazurite('fuzz', '--runs', '5', '--shard', '1/4', '--jobs', '1').status).to.equal(0);
  });

  it('fuzz --around keeps what the scenario does, and names its runs', () => {
    const [failure] = (
      JSON.parse(
        lazurite(
          'fuzz',
          story,
          '--around',
          '--runs',
          '4',
          '--seed',
          '1',
          '--break',
          'no-wal',
          '--no-shrink',
          '--jobs',
          '1',
          '--json',
        ).stdout,
      ) as { failures: { token: string }[] }
    ).failures;
    expect(failure?.token).to.match(/\.around\.[0-9a-f]{4}$/);
    const { status, stdout } = lazurite('replay', failure?.token ?? '', '--json');
    expect(status).to.equal(1);
    expect(stdout).to.contain('no-equivocation');
  });

  it('a replay with another hash than was recorded exits 1 where it violates something, and 5 where it does not', () => {
    const texts = readdirSync(join(folder, '.lazurite/failures')).map((name) =>
      readFileSync(join(folder, '.lazurite/failures', name), 'utf8').replace(/"hash": "[0-9A-F]+"/, '"hash": "0000000000000000"'),
    );
    const honest = texts.map((text) => {
      writeFileSync(join(folder, 'honest.json'), text.replace(/^ "exhibit": .*\n/m, ''));
      return lazurite('replay', 'honest.json');
    });
    // A fault that strikes the broken node only does nothing to the honest one: that is 1 too.
    const place = honest.findIndex(({ status }) => status === 5);
    expect(honest[place]?.stdout).to.contain('the recorded hash is 0000000000000000: this is another run');
    writeFileSync(join(folder, 'changed.json'), texts[place] ?? '');
    const red = lazurite('replay', 'changed.json');
    expect(red.stdout).to.contain('the recorded hash is 0000000000000000: this is another run');
    expect(red.status).to.equal(1);
  });

  it('refuses a token of which a letter was changed', () => {
    const name: RunName = {
      scenario: '0123ABCD',
      seed: 7,
      variant: 1,
      exhibit: 'no-wal',
      what: 'B@1.0/wal.flush~2:torn/cut=137,names=10',
    };
    const token = formatToken(name);
    expect(parseToken(token)).to.deep.equal(name);
    expect(parseToken(token.replace('0123ABCD', '0123ABCE'))).to.equal('wrong');
    const { status, stderr } = lazurite('replay', token.replace('.7.', '.8.'));
    expect(stderr).to.contain('check digits');
    expect(status).to.equal(2);
  });

  it('speaks JUnit, TAP and NDJSON', () => {
    expect(lazurite('run', story, '--reporter', 'junit').stdout).to.match(
      /^<\?xml[\s\S]*<testsuite name="the proposer[^>]* tests="1" failures="0"/,
    );
    expect(lazurite('run', story, '--reporter', 'tap').stdout).to.match(/^TAP version 14\n1\.\.1\nok 1 - /);
    const [line = ''] = lazurite('run', story, '--reporter', 'ndjson').stdout.split('\n');
    expect(JSON.parse(line)).to.include({ verdict: 'held', isRight: true });
    expect(lazurite('run', story, '--reporter', 'github').stdout).to.contain('1 of 1 as expected');
    expect(
      lazurite('run', story, '--ndjson')
        .stdout.split('\n')[0]
        ?.replace(/"ms":\d+/, ''),
    ).to.equal(line.replace(/"ms":\d+/, ''));
  });

  it('crashpoints and fuzz report a case for each property', () => {
    interface Told {
      readonly name: string;
      readonly verdict: string;
      readonly isRight: boolean;
      readonly token: string;
    }
    const casesOf = (...args: readonly string[]): readonly Told[] =>
      lazurite(...args, '--jobs', '1', '--ndjson')
        .stdout.trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Told);
    const broken = casesOf('crashpoints', story, '--node', 'C', '--site', 'publish', '--break', 'no-fsync');
    expect(broken.find(({ name }) => name === 'no-equivocation')).to.include({ verdict: 'violated', isRight: false });
    expect(broken.find(({ name }) => name === 'no-equivocation')?.token).to.match(/^t1\./);
    expect(broken.find(({ name }) => name === 'integrity')).to.include({ verdict: 'held', isRight: true });
    const seeds = casesOf('fuzz', '--runs', '3', '--seed', '1', '--must-reach', 'wal.store-behind');
    expect(seeds.find(({ name }) => name === 'agreement')).to.include({ verdict: 'held', isRight: true });
    expect(seeds.find(({ name }) => name === 'reaches wal.store-behind')).to.include({ verdict: 'violated', isRight: false });
    const none = casesOf('fuzz', '--runs', '0');
    expect(none.every(({ verdict }) => verdict === 'undecided')).to.equal(true);
  });

  it('crashpoints --out writes a report beside what it prints', () => {
    const file = join(folder, 'points.xml');
    const flags = ['--node', 'C', '--site', 'wal.flush', '--jobs', '1', '--out', `junit=${file}`];
    const { status, stdout } = lazurite('crashpoints', story, ...flags);
    expect(stdout).to.contain('C dies anywhere');
    expect(readFileSync(file, 'utf8')).to.match(
      /<testsuite name="the proposer[^>]* failures="0" errors="0"[\s\S]*name="agreement"/,
    );
    expect(status).to.equal(0);
  });

  it('calls a run that was not judged to its end neither a success nor skipped', () => {
    const cut = ['run', story, '--max-steps', '50', '--reporter'];
    expect(lazurite(...cut, 'junit').stdout).to.match(
      /failures="0" errors="1"[\s\S]*<error message="given up at the limit of deliveries/,
    );
    expect(lazurite(...cut, 'tap').stdout).to.match(/^not ok 1 - [^\n]*\n {2}---\n {2}message: "given up/m);
  });
});
