/** Real files: names that lead out of the folder, one writer at a time, and folders that are durable. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs, { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { FolderLockedError, RealFiles } from '../../wal/storage/files.ts';
import { StorageError } from '../../wal/storage/index.ts';

const root = resolve(import.meta.dirname, '../..');
const hasFlock = process.platform === 'linux' && spawnSync('flock', ['--version']).error === undefined;

describe('real files', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuse names that lead out of their folder', () => {
    const files = new RealFiles(join(folder, 'node'), { lock: 'none' });
    writeFileSync(join(folder, 'x'), 'mine');
    for (const name of ['../x', '../../x', 'wal/../../x', '/etc/passwd', '..', '.', '', 'wal//x', 'wal/x\0', 'wal/a\nb'])
      for (const act of [
        () => files.create(name),
        () => files.append(name, new Uint8Array(1)),
        () => files.writeAt(name, 0, new Uint8Array(1)),
        () => files.read(name),
        () => files.size(name),
        () => files.list(name),
        () => files.remove(name),
        () => files.sync(name),
      ])
        expect(act, JSON.stringify(name)).to.throw(StorageError).with.property('code', 'EINVAL');
    expect(readdirSync(folder).sort()).to.deep.equal(['node', 'x']);
    files.close();
  });

  it('can be closed twice, and used no more afterwards', () => {
    const files = new RealFiles(folder, { lock: 'none' });
    files.create('wal/a');
    files.close();
    files.close();
    expect(() => files.append('wal/a', new Uint8Array(1))).to.throw(StorageError, /these files were closed/);
  });

  it('make the name of each folder durable before they go on', () => {
    const seen: string[] = [];
    const open = new Map<number, string>();
    const { openSync, mkdirSync, fsyncSync } = fs;
    const nameOf = (path: string): string => relative(folder, resolve(path)) || '.';
    fs.openSync = ((path: string, ...rest: [string]) => {
      const descriptor = openSync(path, ...rest);
      open.set(descriptor, nameOf(path));
      return descriptor;
    }) as typeof openSync;
    fs.mkdirSync = ((path: string) => {
      seen.push(`mkdir ${nameOf(path)}`);
      mkdirSync(path);
    }) as typeof mkdirSync;
    fs.fsyncSync = (descriptor) => {
      seen.push(`fsync ${open.get(descriptor)}`);
      fsyncSync(descriptor);
    };
    syncBuiltinESMExports();
    try {
      const files = new RealFiles(join(folder, 'a/b'), { lock: 'none' });
      files.create('wal/1.0.wal');
      files.syncDirectory('wal');
      files.syncDirectory('');
      files.close();
    } finally {
      Object.assign(fs, { openSync, mkdirSync, fsyncSync });
      syncBuiltinESMExports();
    }
    expect(seen).to.deep.equal([
      ...['mkdir a', 'fsync .', 'mkdir a/b', 'fsync a', 'fsync a'],
      ...['mkdir a/b/wal', 'fsync a/b', 'fsync a/b/wal', 'fsync a/b'],
    ]);
  });

  describe('and a second writer', () => {
    before(function () {
      if (!hasFlock) this.skip();
    });

    /** Another process with the folder open. It says so, and stays. */
    const other = (): Promise<ChildProcess> => {
      const script = `
        import { RealFiles } from ${JSON.stringify(join(root, 'wal/storage/files.ts'))};
        new RealFiles(${JSON.stringify(folder)});
        console.log('open');
        setInterval(() => {}, 1000);`;
      const args = [
        '--import',
        join(root, 'dev/strip-types.js'),
        '--conditions=lazurite-source',
        '--input-type=module',
        '-e',
        script,
      ];
      const child = spawn(process.execPath, args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      return new Promise((done) => child.stdout?.once('data', () => done(child)));
    };

    it('is refused, in this process and in another, until the first one closes', async () => {
      const first = new RealFiles(folder);
      expect(first.isProtected).to.equal(true);
      expect(() => new RealFiles(folder)).to.throw(FolderLockedError, `process ${process.pid} writes to this folder; end it`);
      first.close();
      const child = await other();
      expect(() => new RealFiles(folder)).to.throw(FolderLockedError, `process ${child.pid} writes to this folder; end it`);
      child.kill('SIGKILL');
      await new Promise((done) => child.once('close', done));
      new RealFiles(folder).close();
    });
  });
});
