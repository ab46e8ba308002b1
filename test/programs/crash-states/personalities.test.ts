/**
 * The personalities against real losses of power, on ext4, ext4 with noauto_da_alloc and XFS, after a shutdown without a log flush. What
 * came back must be in the model. If a file system always brought the new content back, the model must not lose it.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { everyPowerLoss, type PersonalityName } from '../../../programs/index.ts';

/** What a file may hold after the work was done and power failed; `missing` where it may not be there. */
async function contentsAfter(
  work: (folder: string) => void,
  file: string,
  fileSystem: PersonalityName,
  prepare: (folder: string) => void = () => undefined,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const report = await everyPowerLoss<string, string>({
    prepare,
    run: (folder, acknowledge) => {
      work(folder);
      acknowledge('done');
    },
    recover: (folder) => {
      const others = readdirSync(folder).filter((name) => name !== file);
      const own = existsSync(join(folder, file)) ? JSON.stringify(readFileSync(join(folder, file), 'latin1')) : 'missing';
      return others.includes('tmp') ? `${own} beside tmp` : own;
    },
    expect: (content, acknowledged) => {
      if (acknowledged.length > 0) found.add(content);
    },
    fileSystems: [fileSystem],
    allowsLoss: true,
  });
  expect(report.fileSystems[0]?.bound).to.equal('every');
  return [...found].sort();
}

const old =
  (name: string, text: string) =>
  (folder: string): void =>
    writeFileSync(join(folder, name), text);
/** Three zeros: ext4 leaves them where a name became durable before the flush that it had started. */
const zeros: string = JSON.stringify('\0\0\0');
const syncAnother = (folder: string): void => writeFileSync(join(folder, 'other'), 'x', { flush: true });
const replace = (folder: string, flush: boolean): void => {
  writeFileSync(join(folder, 'tmp'), 'new', { flush });
  renameSync(join(folder, 'tmp'), join(folder, 'base'));
};

describe('the personalities of file systems, as real losses of power showed them', () => {
  const measured: readonly PersonalityName[] = ['ext4', 'ext4-ordered', 'xfs'];

  it('a write without a sync: an empty file, or none', async () => {
    for (const name of measured) {
      const contents = await contentsAfter((folder) => writeFileSync(join(folder, 'f'), 'text'), 'f', name);
      expect(contents, name).to.include.members(['missing', '""']);
    }
  });

  it('a synced file renamed over another without a sync of the folder: the old content, and the temporary file is there', async () => {
    for (const name of measured) {
      const contents = await contentsAfter((folder) => replace(folder, true), 'base', name, old('base', 'old'));
      expect(contents, name).to.include('"old" beside tmp');
      expect(contents, name).to.not.include('""');
    }
  });

  it('an unsynced file renamed over another, then a sync of a third: new or zeros on ext4; empty is possible with noauto_da_alloc and on XFS', async () => {
    const work = (folder: string): void => {
      replace(folder, false);
      syncAnother(folder);
    };
    expect(await contentsAfter(work, 'base', 'ext4', old('base', 'old'))).to.deep.equal([zeros, '"new"']);
    for (const name of ['ext4-ordered', 'xfs'] as const)
      expect(await contentsAfter(work, 'base', name, old('base', 'old')), name).to.deep.equal(['""', '"new"']);
  });

  it('a file cut and rewritten, then a sync of another: new or zeros on ext4; empty is possible with noauto_da_alloc and on XFS', async () => {
    const work = (folder: string): void => {
      writeFileSync(join(folder, 'f'), 'new');
      syncAnother(folder);
    };
    expect(await contentsAfter(work, 'f', 'ext4', old('f', 'former'))).to.deep.equal([zeros, '"new"']);
    for (const name of ['ext4-ordered', 'xfs'] as const)
      expect(await contentsAfter(work, 'f', name, old('f', 'former')), name).to.include.members(['""', '"new"']);
  });

  it('4 bytes appended, then a sync of another file: zeros within the block on ext4, the old length on XFS', async () => {
    const work = (folder: string): void => {
      appendFileSync(join(folder, 'f'), '4567');
      syncAnother(folder);
    };
    for (const name of ['ext4', 'ext4-ordered'] as const)
      expect(await contentsAfter(work, 'f', name, old('f', '0123')), name).to.include(String.raw`"0123\u0000\u0000\u0000\u0000"`);
    expect(await contentsAfter(work, 'f', 'xfs', old('f', '0123'))).to.include('"0123"');
  });

  it('4,096 bytes appended beyond the block, then a sync of another file: on ext4 zeros to the end of the block, and never further', async () => {
    const append = (folder: string): void => {
      appendFileSync(join(folder, 'f'), 'b'.repeat(4096));
      syncAnother(folder);
    };
    const lengths = async (name: PersonalityName): Promise<readonly number[]> => {
      const contents = await contentsAfter(append, 'f', name, old('f', 'a'.repeat(5000)));
      return [...new Set(contents.map((content) => (JSON.parse(content) as string).length))].sort((a, b) => a - b);
    };
    for (const name of ['ext4', 'ext4-ordered'] as const) {
      const found = await lengths(name);
      expect([found[0], found.at(-1)], name).to.deep.equal([8192, 9096]);
    }
    expect(await lengths('xfs')).to.include.members([5000, 9096]);
  });

  it('a sync promises nothing for names that came after the last change of its file: they may be in a later commit', async () => {
    const work = (folder: string): void => {
      writeFileSync(join(folder, 'other'), 'x');
      renameSync(join(folder, 'base'), join(folder, 'moved'));
      const fd = openSync(join(folder, 'other'), 'r');
      fsyncSync(fd);
      closeSync(fd);
    };
    for (const name of measured)
      expect(await contentsAfter(work, 'moved', name, old('base', 'old')), name).to.deep.equal(['"old"', 'missing']);
  });

  it('fdatasync after a rename or a link: the new name may be lost on ext4, which makes only the first name of a file durable with it', async () => {
    const sync = (folder: string): void => {
      renameSync(join(folder, 'base'), join(folder, 'moved'));
      const fd = openSync(join(folder, 'moved'), 'r');
      fdatasyncSync(fd);
      closeSync(fd);
    };
    for (const name of ['ext4', 'ext4-ordered'] as const)
      expect(await contentsAfter(sync, 'moved', name, old('base', 'old')), name).to.deep.equal(['"old"', 'missing']);
    expect(await contentsAfter(sync, 'moved', 'xfs', old('base', 'old'))).to.deep.equal(['"old"']);
    const first = (folder: string): void => {
      const fd = openSync(join(folder, 'moved'), 'w');
      writeSync(fd, 'new');
      fdatasyncSync(fd);
      closeSync(fd);
    };
    expect(await contentsAfter(first, 'moved', 'ext4')).to.deep.equal(['"new"']);
  });

  it('POSIX allows all of this and more: whatever another file system leaves, it may leave too', async () => {
    const works: readonly [(folder: string) => void, string, (folder: string) => void][] = [
      [(folder) => replace(folder, false), 'base', old('base', 'old')],
      [(folder) => replace(folder, true), 'base', old('base', 'old')],
      [(folder) => writeFileSync(join(folder, 'f'), 'new'), 'f', old('f', 'former')],
      [(folder) => appendFileSync(join(folder, 'f'), '4567'), 'f', old('f', '0123')],
    ];
    for (const [work, file, prepare] of works) {
      const weakest = await contentsAfter(work, file, 'posix-weakest', prepare);
      for (const name of ['ext4-ordered', 'ext4', 'xfs', 'btrfs'] as const)
        expect(weakest).to.include.members([...(await contentsAfter(work, file, name, prepare))]);
    }
  });
});
