/** A run of `npm run powercut` that is asked to end leaves nothing. What a killed one leaves is removed by the next run, and nothing else is. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { whyNoPowerCut } from '../../../dev/power-cut/loop-disk.ts';
import { unmount } from '../../../dev/power-cut/stale-disks.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('a run of powercut that ends early', function () {
  this.timeout(120_000);
  let folder: string;
  before(function () {
    const why = whyNoPowerCut('ext4');
    if (why === undefined) return;
    process.stdout.write(`      not tried: ${why}\n`);
    this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-left-'));
  });
  afterEach(() => {
    for (const path of mountsIn()) unmount(path);
    rmSync(folder, { recursive: true });
  });

  const mountsIn = (): readonly string[] => {
    const paths = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    return paths.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(`${folder}/`));
  };
  const args = (cuts: number): readonly string[] => [
    '--import',
    './dev/strip-types.js',
    '--conditions=lazurite-source',
    'dev/power-cut/main.ts',
    '--on',
    'ext4',
    '--cuts',
    String(cuts),
  ];
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_OPTIONS: '', TMPDIR: folder });
  const underWay = async (): Promise<ChildProcess> => {
    const run = spawn(process.execPath, args(100_000), { cwd: root, env: env(), stdio: ['ignore', 'pipe', 'pipe'] });
    while (mountsIn().length === 0) await sleep(20);
    return run;
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`by ${signal} unmounts its file system, and is not green`, async () => {
      const run = await underWay();
      let said = '';
      run.stdout?.on('data', (text: Buffer) => {
        said += text.toString();
      });
      run.kill(signal);
      const [code] = await once(run, 'close');
      expect(code).to.equal(signal === 'SIGINT' ? 130 : 143);
      expect(said).to.not.contain('✓');
      expect(mountsIn()).to.deep.equal([]);
      expect(readdirSync(folder)).to.deep.equal([]);
    });

  it('by SIGKILL is cleaned up by the next run, which leaves those of living runs and of others alone', async () => {
    const killed = await underWay();
    const [stale = ''] = mountsIn();
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(mountsIn()).to.deep.equal([stale]);
    const living = spawn('sleep', ['60']);
    const stat = readFileSync(`/proc/${living.pid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const others = [`lazurite-cut-${living.pid}-${start}-abcdef`, 'lazurite-cut-notes', 'lazurite-cut-1-2'];
    for (const name of others) mkdirSync(join(folder, name));
    const { status, stdout, stderr } = spawnSync(process.execPath, args(1), { cwd: root, env: env(), encoding: 'utf8' });
    living.kill();
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/^✓ ext4: 1 loss of power/);
    expect(stderr).to.match(/^removed \S+, which a killed run had left$/m);
    expect(mountsIn()).to.deep.equal([]);
    expect(existsSync(stale)).to.equal(false);
    expect(readdirSync(folder).sort()).to.deep.equal([...others].sort());
  });
});
