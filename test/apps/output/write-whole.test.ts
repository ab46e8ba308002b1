/** Files are written whole: a process that is killed at any of its steps leaves the old content or the new. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { orNote, tryToWrite, writeWhole } from '../../../apps/output/write-whole.ts';
import { ScenarioError } from '../../../scenarios/index.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('a file that a command writes', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-write-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the old content or the new, whenever the process is killed', () => {
    const preload = ['--import', join(root, 'dev/strip-types.js'), '--conditions=lazurite-source'];
    const dying = ['--import', join(root, 'test/apps/output/die-at.js'), '--input-type=module'];
    const script = `import { writeWhole } from '${join(root, 'apps/output/write-whole.ts')}'; writeWhole('deep/file', 'the new one');`;
    const seen: string[] = [];
    for (let dieAt = 1; dieAt <= 10; dieAt += 1) {
      rmSync(join(folder, 'deep'), { recursive: true, force: true });
      writeWhole(join(folder, 'deep/file'), 'the old one');
      const env = { ...process.env, NODE_OPTIONS: '', DIE_AT: String(dieAt) };
      const { signal, status, stderr } = spawnSync(process.execPath, [...preload, ...dying, '-e', script], { cwd: folder, env });
      seen.push(readFileSync(join(folder, 'deep/file'), 'utf8'));
      if (signal === null) {
        expect(status, String(stderr)).to.equal(0);
        break;
      }
    }
    // Killed before the other file is made, at half of its bytes, before their sync, before the rename; and not killed.
    expect(seen).to.deep.equal([...Array.from({ length: 4 }, () => 'the old one'), 'the new one']);
  });

  it('keeps its mode, and a symbolic link stays one', () => {
    writeFileSync(join(folder, 'real'), 'old');
    chmodSync(join(folder, 'real'), 0o640);
    symlinkSync('real', join(folder, 'link'));
    writeWhole(join(folder, 'link'), 'new');
    expect(readFileSync(join(folder, 'real'), 'utf8')).to.equal('new');
    expect(statSync(join(folder, 'real')).mode & 0o777).to.equal(0o640);
    expect(readdirSync(folder).sort()).to.deep.equal(['link', 'real']);
  });

  it('is refused with the reason: a folder, a path through a file, a device without space', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const act of [tryToWrite, (file: string) => writeWhole(file, 'x')]) {
      expect(() => act(folder)).to.throw(ScenarioError, /it cannot be written: this is a folder \(EISDIR\)/);
      expect(() => act(join(folder, 'file/within'))).to.throw(ScenarioError, /ENOTDIR/);
    }
    expect(() => writeWhole('/dev/full', 'x')).to.throw(ScenarioError, /\/dev\/full: .*ENOSPC/);
    expect(statSync('/dev/full').isCharacterDevice(), 'a device is never replaced').to.equal(true);
  });

  it('is not there after it was tried', () => {
    tryToWrite(join(folder, 'made/file'));
    expect(readdirSync(join(folder, 'made'))).to.deep.equal([]);
  });

  it('lets a bug through, where it may note what the system refuses', () => {
    const bug = (): void => {
      throw new TypeError('a bug');
    };
    expect(() => orNote(bug)).to.throw(TypeError);
  });
});
