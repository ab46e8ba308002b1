/**
 * Two packages that many projects keep their state with, as logs of your own. What they promise is atomic replacement, not durability; the
 * findings say where the difference lies (docs/guide/your-own-log.md).
 */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { JSONFileSync } from 'lowdb/node';
import { type AnyLog, everyCrashImage, type OpenLog, recoverFrom } from '../../testing/recover-from.ts';
import { withFs } from './patched-fs.ts';

interface Entries {
  readonly entries: readonly (readonly number[])[];
}

const file = '/simulated/state/entries.json';

/** A log that is written as a whole with each flush, as state files are. */
function stateFile(write: (state: Entries) => void, read: () => Entries | null): AnyLog {
  const entries = [...(read()?.entries ?? [])];
  return {
    append: (entry) => entries.push([...entry]),
    flush: () => write({ entries }),
    read: () => (read()?.entries ?? []).map((entry) => Uint8Array.from(entry)),
  };
}

const withLowdb: OpenLog = (storage) => {
  const adapter = new JSONFileSync<Entries>(file);
  return stateFile(
    (state) => withFs(storage, () => adapter.write(state)),
    () => withFs(storage, () => adapter.read()),
  );
};

const require = createRequire(import.meta.url);
const { sync: writeFileAtomicSync } = require('write-file-atomic') as { sync: (name: string, text: string) => void };
const fs = require('node:fs') as { readFileSync: (name: string, encoding: string) => string };

/** `syncsDirectory`: what its user would have to add. */
const withWriteFileAtomic =
  (syncsDirectory: boolean): OpenLog =>
  (storage) =>
    stateFile(
      (state) => {
        withFs(storage, () => writeFileAtomicSync(file, JSON.stringify(state)));
        if (syncsDirectory) storage.syncDirectory('state');
      },
      () => {
        if (!storage.list('state').includes('entries.json')) return null;
        return JSON.parse(withFs(storage, () => fs.readFileSync(file, 'utf8'))) as Entries;
      },
    );

const plan = everyCrashImage({ batches: [1, 1, 1], entryBytes: 20 });

describe('packages from npm that keep a state on disk', function () {
  this.timeout(60_000);

  it('lowdb 7.0.1, JSONFileSync: no fsync, so a loss of power leaves an empty file under the new name, or the old state', () => {
    const { findings, images } = recoverFrom(withLowdb, plan);
    expect(images).to.be.greaterThan(100);
    expect(findings.some(({ message }) => /could not be opened: Unexpected end of JSON input/.test(message))).to.equal(true);
    expect(findings.some(({ message }) => /0 entries are left of 1 that a flush had acknowledged/.test(message))).to.equal(true);
  });

  it('write-file-atomic 7.0.1: never a torn file; the newest write may be gone, because the directory is not synced', () => {
    const { findings, images } = recoverFrom(withWriteFileAtomic(false), plan);
    expect(images).to.be.greaterThan(50);
    expect(findings).to.not.deep.equal([]);
    for (const { message } of findings) expect(message).to.match(/entries are left of|after recovery it had/);
  });

  it('write-file-atomic with a synced directory behind it holds everywhere', () => {
    expect(recoverFrom(withWriteFileAtomic(true), plan).findings).to.deep.equal([]);
  });

  it('leaves `fs` as it was', () => {
    expect(fs.readFileSync('package.json', 'utf8')).to.contain('"lazurite"');
  });
});
