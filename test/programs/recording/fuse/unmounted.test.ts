/** The folder is unmounted after every end of a recording. Where nothing can be mounted, the message says what is missing. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { readRecord } from '../../../../programs/index.ts';
import { command, lazuriteIn } from '../../../apps/cli/command-run.ts';
import { needsFuse } from './fuse-here.ts';

describe('a folder with a file system that records', function () {
  this.timeout(120_000);
  let folder: string;
  before(needsFuse);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-unmounted-'));
    mkdirSync(join(folder, 'data'));
  });
  afterEach(() => {
    if (isMounted()) spawnSync('umount', ['-l', join(folder, 'data')]);
    rmSync(folder, { recursive: true });
  });
  const isMounted = (): boolean => readFileSync('/proc/self/mounts', 'utf8').includes(`${folder}/data `);
  const record = (...words: readonly string[]): readonly string[] => [
    'record',
    '--by',
    'fuse',
    '--state',
    'data',
    '--',
    ...words,
  ];
  const untilTrue = async (what: () => boolean): Promise<void> => {
    for (let waited = 0; waited < 20_000 && !what(); waited += 20) await sleep(20);
    expect(what()).to.equal(true);
  };
  /** Starts a program that says \`ready\` and then waits, and returns once it is ready. */
  const waiting = async (): Promise<ChildProcess> => {
    const args = [...command, ...record('sh', '-c', 'echo kept > data/file; echo ready; sleep 30; echo late > data/file')];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    expect(isMounted()).to.equal(true);
    return child;
  };
  /** Processes with these words in their command, such as the file system. */
  const processesOf = (...words: readonly string[]): readonly number[] =>
    readdirSync('/proc')
      .map(Number)
      .filter((id) => {
        const file = `/proc/${id}/cmdline`;
        try {
          return id > 0 && words.every((word) => readFileSync(file, 'utf8').includes(word));
        } catch {
          return false;
        }
      });
  const fileSystems = (): readonly number[] => processesOf('recording-fs', `${folder}/data`);

  it('is unmounted after a program that crashes, and after one that cannot be started', () => {
    const crashed = lazuriteIn(folder, record('sh', '-c', 'echo a > data/a; kill -SEGV $$'));
    expect(crashed.status, crashed.stderr).to.equal(0);
    expect(crashed.stdout).to.match(/the program ended with 139/);
    expect(isMounted()).to.equal(false);
    expect(readFileSync(join(folder, 'data/a'), 'utf8')).to.equal('a\n');
    const missing = lazuriteIn(folder, record('./no-such-program'));
    expect(missing.status).to.equal(2);
    expect(missing.stderr).to.match(/no-such-program could not be started/);
    expect(isMounted()).to.equal(false);
    expect(fileSystems()).to.deep.equal([]);
  });

  it('is unmounted after Ctrl-C, which ends the program and keeps what was recorded', async () => {
    const child = await waiting();
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).to.equal(0);
    expect(isMounted()).to.equal(false);
    const { calls, after } = readRecord(join(folder, 'lazurite.record'));
    expect(calls.filter(({ call }) => call.op === 'acknowledge').map(({ call }) => call)).to.deep.equal([
      { op: 'acknowledge', value: 'ready' },
    ]);
    const kept = new Uint8Array(Buffer.from('kept\n'));
    expect(after.get('file')).to.include({ type: 'file' }).and.to.have.property('bytes').that.deep.equals(kept);
  });

  it('is unmounted where lazurite itself is killed', async () => {
    const child = await waiting();
    const left = processesOf('sleep 30', 'echo ready');
    child.kill('SIGKILL');
    await untilTrue(() => !isMounted() && fileSystems().length === 0);
    for (const id of left) if (id !== child.pid) process.kill(id, 'SIGKILL');
  });

  it('is unmounted where the file system is killed, and there is no record', async () => {
    const child = await waiting();
    for (const id of fileSystems()) process.kill(id, 'SIGKILL');
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).to.equal(2);
    expect(isMounted()).to.equal(false);
    expect(existsSync(join(folder, 'lazurite.record'))).to.equal(false);
    expect(statSync(join(folder, 'data')).isDirectory()).to.equal(true);
  });

  describe('that is not there', () => {
    const withCompiler = (script: string | undefined): { readonly status: number | null; readonly stderr: string } => {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      if (script !== undefined) {
        writeFileSync(join(bin, 'cc'), `#!/bin/sh\n${script}\n`);
        chmodSync(join(bin, 'cc'), 0o755);
      }
      return lazuriteIn(folder, record('/bin/true'), { env: { PATH: bin, XDG_CACHE_HOME: join(folder, 'cache') } });
    };

    it('for want of a compiler', () => {
      const { status, stderr } = withCompiler(undefined);
      expect(status, stderr).to.equal(2);
      expect(stderr).to.equal('there is no C compiler called cc (Debian: apt-get install gcc libc6-dev)\n');
    });

    it('for want of libfuse3', () => {
      const { status, stderr } = withCompiler(
        '[ "$1" = --version ] || { echo "recording-fs.c:1:10: fatal error: fuse_lowlevel.h: No such file or directory" >&2; exit 1; }',
      );
      expect(status, stderr).to.equal(2);
      expect(stderr).to.equal('libfuse3 is not installed with its header files (Debian: apt-get install libfuse3-dev)\n');
      expect(readdirSync(join(folder, 'cache/lazurite'))).to.deep.equal([]);
    });

    it('for want of the C library', () => {
      const { status, stderr } = withCompiler(
        '[ "$1" = --version ] || { echo "recording-fs.c:27:10: fatal error: dirent.h: No such file or directory" >&2; exit 1; }',
      );
      expect(status, stderr).to.equal(2);
      expect(stderr).to.equal('the C library is not installed with its header files (Debian: apt-get install libc6-dev)\n');
    });

    it('for another reason, which the compiler gives', () => {
      const { status, stderr } = withCompiler('[ "$1" = --version ] || { echo "x.c:1: error: no stdio.h" >&2; exit 1; }');
      expect(status, stderr).to.equal(2);
      expect(stderr).to.match(/^cc cannot compile \S+recording-fs\.c: x\.c:1: error: no stdio\.h$/m);
    });

    it('for want of /dev/fuse, and of the right to mount', function () {
      const inside = (...how: readonly string[]): { readonly status: number | null; readonly stderr: string } => {
        const [program = '', ...args] = [...how, process.execPath, ...command, ...record('/bin/true')];
        return spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
      };
      const noDevice = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /dev && exec "$@"', 'sh'];
      const noRight = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'];
      if (spawnSync('unshare', [...noDevice.slice(1), '/bin/true']).status !== 0) this.skip();
      const missing = inside(...noDevice);
      expect(missing.status, missing.stderr).to.equal(2);
      expect(missing.stderr).to.match(/^there is no \/dev\/fuse: load the kernel module \(modprobe fuse\)/);
      const refused = inside(...noRight);
      expect(refused.status, refused.stderr).to.equal(2);
      expect(refused.stderr).to.match(/^the file system cannot be mounted over \S+data: .*it needs root, or fusermount3/s);
    });

    it('where HTTP answers acknowledge', () => {
      const args = ['record', '--by', 'fuse', '--state', 'data', '--acknowledge-http', '3918', '--', '/bin/true'];
      const { status, stderr } = lazuriteIn(folder, args);
      expect(status, stderr).to.equal(2);
      expect(stderr).to.match(/does not see when an answer leaves its server: record HTTP answers with --by node or strace/);
    });
  });
});
