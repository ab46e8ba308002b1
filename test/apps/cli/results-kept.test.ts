/** No result is lost: what a campaign found is printed before anything is kept, and what cannot be kept changes no verdict. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { killCampaigns } from '../../../dev/tools/kills-campaigns.ts';
import { command, type Ended, lazuriteIn, root } from './command-run.ts';

/** Red within seconds, with one failure that is kept. */
const red = [
  'crashpoints',
  join(root, 'scenarios/library/02-the-proposer-proposes-again.ts'),
  ...['--node', 'C', '--site', 'publish', '--heights', '1', '--break', 'no-fsync', '--jobs', '1'],
];
const kept = join('.lazurite', 'failures');

describe('what a campaign found', function () {
  this.timeout(300_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-kept-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lazurite = (...args: readonly string[]): Ended => lazuriteIn(folder, args);
  const unreadable = (): readonly string[] =>
    readdirSync(join(folder, kept)).filter((name) => name.endsWith('.json') && !isJson(join(folder, kept, name)));

  it('is written where the user said, in a folder that is made', () => {
    expect(lazurite('fuzz', '--runs', '10', '--seed', '1', '--out', 'junit=reports/of/today.xml').status).to.equal(0);
    expect(readFileSync(join(folder, 'reports/of/today.xml'), 'utf8')).to.include('</testsuites>');
    expect(readdirSync(join(folder, 'reports/of'))).to.deep.equal(['today.xml']);
  });

  for (const [what, args] of Object.entries({
    'a report': [...red, '--out', 'junit=taken/report.xml'],
    'a record': ['run', join(root, 'scenarios/yaml/four-validators.yaml'), '--record', 'taken/record.json'],
    'a saved replay': ['replay', 'f.0000000000000000', '--save', 'taken/saved.ts'],
    'a page': ['view', join(root, 'scenarios/yaml/four-validators.yaml'), '--html', 'taken/page.html'],
    'an export': ['export', join(root, 'scenarios/yaml/four-validators.yaml'), '--as', 'svg', '--out', 'taken/run.svg'],
  }))
    it(`is refused a place that cannot be made before it is looked for: ${what} (exit 2)`, () => {
      writeFileSync(join(folder, 'taken'), 'a file, no folder');
      const { status, stdout, stderr } = lazurite(...args);
      expect(stderr).to.match(/^taken\/\S+: it cannot be written: a part of the path is a file.*ENOTDIR/);
      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
    });

  it('is printed, and its verdict stays, where nothing can be kept', () => {
    writeFileSync(join(folder, '.lazurite'), 'a file, no folder');
    const { status, stdout, stderr } = lazurite(...red);
    expect(stdout).to.match(/✕ [a-z-]+ +\d+ crash points[\s\S]*npx lazurite replay t1\./);
    expect(stderr).to.match(/^note: f\.[0-9A-F]{16} is not kept, and cannot be replayed by this name: \.lazurite\/failures\//m);
    expect(status).to.equal(1);
  });

  it('is kept beside a file that was half written, which is skipped with a note and written anew', () => {
    expect(lazurite(...red).status).to.equal(1);
    const names = readdirSync(join(folder, kept));
    for (const name of names) writeFileSync(join(folder, kept, name), '{ "version": 1, "scena');
    writeFileSync(join(folder, kept, '0000000000000000.json'), '');
    const fuzz = lazurite('fuzz', '--runs', '2', '--seed', '1');
    expect(fuzz.stdout).to.include('2 held');
    expect(fuzz.stderr).to.match(/^note: \.lazurite\/failures\/0{16}\.json: not JSON: .*; it is skipped$/m);
    expect(fuzz.status).to.equal(0);
    expect(lazurite(...red).status).to.equal(1);
    expect(unreadable()).to.deep.equal(['0000000000000000.json']);
    expect(lazurite('replay', 'last').status).to.equal(1);
  });

  it('is printed before anything is kept', () => {
    const preload = ['--import', join(root, 'test/apps/output/die-at.js')];
    const { signal, stdout } = lazuriteIn(folder, red, { preload, env: { DIE_AT: '1' } });
    expect(signal).to.equal('SIGKILL');
    expect(stdout).to.match(/✕ [a-z-]+ +\d+ crash points[\s\S]*keep {5}npx lazurite replay t1\./);
  });

  it('is as it was after a campaign that was killed at a random instant', async () => {
    expect(await killCampaigns(10)).to.deep.equal([]);
  });

  it('is kept once by two campaigns at the same time', async () => {
    const statuses = await Promise.all([1, 2].map(() => ended(spawned(red))));
    expect(statuses).to.deep.equal([1, 1]);
    expect(unreadable()).to.deep.equal([]);
    expect(readdirSync(join(folder, kept)).every((name) => name.endsWith('.json'))).to.equal(true);
  });

  it('is printed in a folder that is read-only', function () {
    if (process.getuid?.() === 0) {
      if (!isMounted(folder, 'size=1m')) this.skip();
      spawnSync('mount', ['-o', 'remount,ro', folder]);
    } else chmodSync(folder, 0o555);
    try {
      const { status, stdout, stderr } = lazurite(...red);
      expect(stdout).to.include('npx lazurite replay t1.');
      expect(stderr).to.match(/^note: f\.[0-9A-F]{16} is not kept.*(EROFS|EACCES)/m);
      expect(status).to.equal(1);
      const refused = lazurite(...red, '--out', 'junit=report.xml');
      expect(refused.stderr).to.match(/^report\.xml: it cannot be written: .*(EROFS|EACCES)/);
      expect(refused).to.include({ status: 2, stdout: '' });
    } finally {
      chmodSyncOrNot(folder);
      unmount(folder);
    }
  });

  it('is printed on a disk that is full (needs root, to mount a small one)', function () {
    if (process.getuid?.() !== 0 || !isMounted(folder, 'size=64k')) this.skip();
    try {
      writeFileSync(join(folder, 'ballast'), new Uint8Array(60 * 1024));
      mkdirSync(join(folder, kept), { recursive: true });
      const free = lazurite(...red);
      expect(free.status).to.equal(1);
      rmSync(join(folder, kept), { recursive: true });
      spawnSync('sh', ['-c', 'cat /dev/zero > rest 2>/dev/null'], { cwd: folder });
      const { status, stdout, stderr } = lazurite(...red);
      expect(stdout).to.include('npx lazurite replay t1.');
      expect(stderr).to.match(/^note: f\.[0-9A-F]{16} is not kept.*ENOSPC/m);
      expect(status).to.equal(1);
      const refused = lazurite(...red, '--out', 'junit=report.xml');
      expect(refused.stderr).to.match(/^report\.xml: it cannot be written: no space/);
      expect(refused).to.include({ status: 2, stdout: '' });
    } finally {
      unmount(folder);
    }
  });

  function spawned(args: readonly string[]): ReturnType<typeof spawn> {
    const env = { ...process.env, NODE_OPTIONS: '' };
    return spawn(process.execPath, [...command, ...args], { cwd: folder, env, stdio: 'ignore' });
  }
});

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((done) => {
    child.on('close', (status) => done(status));
  });
}

function isMounted(folder: string, options: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]).status === 0;
}

function unmount(folder: string): void {
  if (process.getuid?.() === 0) spawnSync('umount', [folder]);
}

function chmodSyncOrNot(folder: string): void {
  if (process.getuid?.() !== 0) chmodSync(folder, 0o755);
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
