import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { keyOf } from '../../core/state-key.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { crashImages, formatImage, parseImage, SimulatedDisk, type Storage } from '../../wal/storage/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array): string => new TextDecoder().decode(found);

function storageSuite(name: string, make: () => { storage: Storage; close: () => void }): void {
  describe(name, () => {
    let storage: Storage;
    let close: () => void;
    beforeEach(() => {
      ({ storage, close } = make());
    });
    afterEach(() => close());

    it('appends behind the last byte and reads parts', () => {
      storage.create('wal/1.0.wal');
      storage.append('wal/1.0.wal', bytes('prevote'));
      storage.append('wal/1.0.wal', bytes(' nil'));
      storage.sync('wal/1.0.wal');
      storage.syncDirectory('wal');
      expect(text(storage.read('wal/1.0.wal'))).to.equal('prevote nil');
      expect(text(storage.read('wal/1.0.wal', 3, 4))).to.equal('vote');
      expect(text(storage.read('wal/1.0.wal', 8, 100))).to.equal('nil');
      expect(storage.size('wal/1.0.wal')).to.equal(11);
    });

    it('never overwrites: a name that is taken cannot be created', () => {
      storage.create('wal/1.0.wal');
      expect(() => storage.create('wal/1.0.wal'))
        .to.throw()
        .with.property('code', 'EEXIST');
    });

    it('says which file is missing', () => {
      for (const act of [
        () => storage.append('wal/a', bytes('x')),
        () => storage.read('wal/a'),
        () => storage.remove('wal/a'),
        () => storage.size('wal/a'),
      ]) {
        expect(act)
          .to.throw(/wal\/a/)
          .with.property('code', 'ENOENT');
      }
    });

    it('overwrites in place, and a gap reads as zeros', () => {
      storage.create('wal/attest.0');
      storage.writeAt('wal/attest.0', 4, bytes('ab'));
      storage.writeAt('wal/attest.0', 5, bytes('c'));
      expect([...storage.read('wal/attest.0')]).to.deep.equal([0, 0, 0, 0, 97, 99]);
    });

    it('lists the names of a directory, sorted, and none of a directory that is not there', () => {
      for (const name of ['wal/b', 'wal/a', 'blocks/c']) storage.create(name);
      storage.remove('wal/b');
      storage.create('wal/d');
      expect(storage.list('wal')).to.deep.equal(['a', 'd']);
      expect(storage.list('nothing')).to.deep.equal([]);
    });
  });
}

storageSuite('the simulated disk', () => ({ storage: new SimulatedDisk(), close: () => undefined }));
storageSuite('real files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-storage-'));
  const storage = new RealFiles(folder);
  return {
    storage,
    close: () => {
      storage.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('power loss on the simulated disk', () => {
  it('keeps synced bytes under a synced name, and loses a name whose directory was not synced', () => {
    const disk = new SimulatedDisk();
    disk.create('wal/a');
    disk.append('wal/a', bytes('kept'));
    disk.sync('wal/a');
    expect(disk.isDurable('wal/a', 0, 4)).to.equal(false);
    expect(disk.isDurable('wal/a', 0, 0)).to.equal(false);
    disk.syncDirectory('wal');
    expect(disk.isDurable('wal/a', 0, 4)).to.equal(true);
    disk.create('wal/empty');
    disk.syncDirectory('wal');
    expect(disk.isDurable('wal/empty', 0, 0)).to.equal(true);
    disk.remove('wal/empty');
    disk.syncDirectory('wal');
    disk.append('wal/a', bytes(' lost'));
    disk.create('wal/b');
    disk.sync('wal/b');
    expect(disk.powerLoss('none')).to.deep.equal({ lostBytes: 5, lostOperations: 1 });
    expect(disk.list('wal')).to.deep.equal(['a']);
    expect(text(disk.read('wal/a'))).to.equal('kept');
  });

  it('tells whether anybody looked at the bytes of a file, and when the file is gone', () => {
    const files = new Set(['wal/a']);
    const fresh = (): SimulatedDisk => {
      const disk = new SimulatedDisk();
      disk.create('wal/a');
      disk.append('wal/a', bytes('old'));
      disk.sync('wal/a');
      disk.syncDirectory('wal');
      return disk;
    };
    const touching: readonly ((disk: SimulatedDisk) => unknown)[] = [
      (disk) => disk.read('wal/a'),
      (disk) => disk.size('wal/a'),
      (disk) => disk.append('wal/a', bytes('x')),
      (disk) => disk.writeAt('wal/a', 0, bytes('x')),
      (disk) => disk.sync('wal/a'),
      (disk) => disk.rename('wal/a', 'wal/b'),
      (disk) => disk.isDurable('wal/a', 0, 1),
      (disk) => disk.powerLoss('all'),
      (disk) => disk.damage({ type: 'wipe' }),
    ];
    for (const touch of touching) {
      const disk = fresh();
      const watch = disk.watch(files);
      touch(disk);
      expect(watch.isTouched, String(touch)).to.equal(true);
    }
    const disk = fresh();
    const watch = disk.watch(files);
    disk.list('wal');
    disk.create('wal/b');
    disk.remove('wal/a');
    expect(disk.hasForgotten(files)).to.equal(false);
    disk.syncDirectory('wal');
    expect([watch.isTouched, disk.hasForgotten(files)]).to.deep.equal([false, true]);
  });

  it('covers by a sync what was pending when it began, and nothing since', () => {
    const disk = new SimulatedDisk();
    disk.create('wal/a');
    disk.syncDirectory('wal');
    disk.append('wal/a', bytes('one'));
    const ticket = disk.beginSync('wal/a');
    disk.append('wal/a', bytes('two'));
    disk.endSync(ticket);
    disk.powerLoss('none');
    expect(text(disk.read('wal/a'))).to.equal('one');
  });

  it('forgets what was written to a file that no name leads to any more', () => {
    const disk = new SimulatedDisk();
    disk.create('wal/a');
    disk.syncDirectory('wal');
    disk.append('wal/a', bytes('never to be read'));
    disk.remove('wal/a');
    disk.syncDirectory('wal');
    expect(disk.pending()).to.deep.equal([]);
    expect(disk.powerLoss('none').lostBytes).to.equal(0);
  });

  it('makes nothing durable by a second sync after a failed one: the pages count as clean', () => {
    const disk = new SimulatedDisk();
    disk.create('wal/a');
    disk.syncDirectory('wal');
    disk.append('wal/a', bytes('lost'));
    disk.inject({ type: 'sync-fails', id: 'f', file: 'wal/a', content: 'kept' });
    expect(() => disk.sync('wal/a'))
      .to.throw()
      .with.property('code', 'EIO');
    disk.sync('wal/a');
    expect(text(disk.read('wal/a'))).to.equal('lost');
    expect(disk.isDurable('wal/a', 0, 4)).to.equal(false);
    disk.powerLoss('all');
    expect(disk.size('wal/a')).to.equal(0);
  });

  it('agrees with a brute-force enumerator on number and set of crash images', () => {
    const disk = threeFrames();
    const { images, complete } = crashImages(disk, { pending: 2 });
    expect(complete).to.equal(true);
    const found = new Set(
      images.map((image) => {
        const fork = disk.fork();
        fork.powerLoss(image);
        return JSON.stringify(fork.list('wal').map((name) => [name, [...fork.read(`wal/${name}`)]]));
      }),
    );
    const expected = bruteForce();
    expect([...found].sort()).to.deep.equal([...expected].sort());
    expect(images.length).to.equal(expected.size);
  });

  it('is told apart after every change: a key that was made before is never made again', () => {
    const changes: readonly ((disk: SimulatedDisk) => void)[] = [
      (disk) => disk.create('wal/1.0.wal'),
      (disk) => disk.append('wal/1.0.wal', bytes('prevote')),
      (disk) => disk.syncDirectory('wal'),
      (disk) => disk.sync('wal/1.0.wal'),
      (disk) => disk.writeAt('wal/1.0.wal', 3, bytes('V')),
      (disk) => disk.rename('wal/1.0.wal', 'wal/2.0.wal'),
      (disk) => disk.powerLoss({ cut: 1 }),
      (disk) => disk.append('wal/2.0.wal', bytes(' nil')),
      (disk) => disk.damage({ type: 'lost-tail', file: 'wal/2.0.wal', bytes: 2 }),
      (disk) => disk.damage({ type: 'missing', file: 'wal/2.0.wal' }),
      (disk) => disk.create('wal/3.0.wal'),
      (disk) => disk.damage({ type: 'wipe' }),
    ];
    // One is asked after each change and forked, the other only at the end.
    let asked = new SimulatedDisk();
    for (const [count, change] of changes.entries()) {
      const before = keyOf(asked.present());
      asked = asked.fork();
      change(asked);
      const fresh = new SimulatedDisk();
      for (const earlier of changes.slice(0, count + 1)) earlier(fresh);
      expect(keyOf(asked.present()), `change ${count}`).to.equal(keyOf(fresh.present()));
      expect(keyOf(asked.present()), `change ${count}`).to.not.equal(before);
    }
  });

  it('names images in text and reads them back', () => {
    for (const image of ['none', 'all', { cut: 7 }, { sectors: '101', directory: '01' }, { cut: 0, directory: '1' }] as const)
      expect(parseImage(formatImage(image))).to.deep.equal(image);
    expect(parseImage('cut=x')).to.equal(undefined);
  });
});

/** One synced frame, two pending ones (the second crosses a sector), and a new name in the directory. */
const frames = [500, 8, 20].map((length, index) => new Uint8Array(length).fill(index + 1));

function threeFrames(): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.create('wal/1');
  disk.append('wal/1', frames[0] as Uint8Array);
  disk.sync('wal/1');
  disk.syncDirectory('wal');
  disk.append('wal/1', frames[1] as Uint8Array);
  disk.append('wal/1', frames[2] as Uint8Array);
  disk.create('wal/2');
  return disk;
}

/** The same from the rule alone: bytes as arrays, sectors as they were after each write, every cut, each with and without the name. */
function bruteForce(): Set<string> {
  const start: number[] = [...(frames[0] as Uint8Array)];
  const writes = frames.slice(1).map((frame) => [...frame]);
  const pending = writes.flat();
  const files: number[][] = [];
  for (let cut = 0; cut <= pending.length; cut += 1) files.push([...start, ...pending.slice(0, cut)]);
  // Versions of each sector in the order of writing: [sector, its content after that write].
  const versions: [number, number[]][] = [];
  let cache = [...start];
  for (const write of writes) {
    const from = cache.length;
    cache = [...cache, ...write];
    for (let sector = 0; sector * 512 < cache.length; sector += 1) {
      if ((sector + 1) * 512 > from) versions.push([sector, cache.slice(sector * 512, (sector + 1) * 512)]);
    }
  }
  for (let mask = 0; mask < 2 ** versions.length; mask += 1) {
    const file = [...start];
    for (const [bit, [sector, content]] of versions.entries()) {
      if ((mask & (1 << bit)) === 0) continue;
      while (file.length < sector * 512) file.push(0);
      for (const [at, byte] of content.entries()) file[sector * 512 + at] = byte;
    }
    files.push(file);
  }
  const images = new Set<string>();
  for (const file of files) {
    images.add(JSON.stringify([['1', file]]));
    images.add(
      JSON.stringify([
        ['1', file],
        ['2', []],
      ]),
    );
  }
  return images;
}
