/** What a loss of power leaves of sectors: old contents of their blocks, or nothing of what was in the sector that was written. */
import { expect } from 'chai';
import { keyOf } from '../../core/state-key.ts';
import { crashImages, type LostSectors, SimulatedDisk } from '../../wal/index.ts';

const sector = 512;
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
/** Runs of equal bytes, as `[byte, how many]`. */
function runs(bytes: Uint8Array): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const byte of bytes) {
    const last = found.at(-1);
    if (last !== undefined && last[0] === byte) last[1] += 1;
    else found.push([byte, 1]);
  }
  return found;
}

/** `old` held threes and is gone; `new` holds 100 durable ones, and 1,900 twos that are not. */
function disk(lostSectors: LostSectors): SimulatedDisk {
  const made = new SimulatedDisk(lostSectors);
  made.create('wal/old');
  made.append('wal/old', filled(3 * sector + 10, 3));
  made.sync('wal/old');
  made.syncDirectory('wal');
  made.remove('wal/old');
  made.syncDirectory('wal');
  made.create('wal/new');
  made.append('wal/new', filled(100, 1));
  made.sync('wal/new');
  made.syncDirectory('wal');
  made.append('wal/new', filled(1900, 2));
  return made;
}

function left(made: SimulatedDisk, image: Parameters<SimulatedDisk['powerLoss']>[0]): readonly (readonly [number, number])[] {
  made.powerLoss(image);
  return runs(made.read('wal/new'));
}

describe('sectors that a loss of power took', () => {
  it('read as zeros', () => {
    expect(left(disk('zeros'), { sectors: '1001' })).to.deep.equal([
      [1, 100],
      [2, 412],
      [0, 1024],
      [2, 464],
    ]);
  });

  it('show what their blocks held before where the disk is stale, and only where nothing had been written yet', () => {
    expect(left(disk('stale'), { sectors: '1001' })).to.deep.equal([
      [1, 100],
      [2, 412],
      [3, 1024],
      [2, 464],
    ]);
    expect(left(disk('stale'), { sectors: '0001' })).to.deep.equal([
      [1, 100],
      [0, 412],
      [3, 1024],
      [2, 464],
    ]);
    expect(left(disk('stale'), { cut: 700 })).to.deep.equal([
      [1, 100],
      [2, 700],
    ]);
  });

  it('show zeros behind the end of what their blocks held, and give blocks away once', () => {
    const made = disk('stale');
    made.create('wal/newest');
    made.syncDirectory('wal');
    made.append('wal/newest', filled(2000, 4));
    made.powerLoss({ sectors: '00010001' });
    expect(runs(made.read('wal/newest'))).to.deep.equal([
      [0, 1536],
      [4, 464],
    ]);
    const short = disk('stale');
    short.append('wal/new', filled(1000, 5));
    short.powerLoss({ sectors: '0000001' });
    expect(runs(short.read('wal/new'))).to.deep.equal([
      [1, 100],
      [0, 412],
      [3, 1034],
      [0, 1014],
      [5, 440],
    ]);
  });

  it('count in the fingerprint of a disk that is stale, whose crash images have the same names', () => {
    const other = disk('stale');
    const same = disk('stale');
    expect(keyOf(other.present())).to.equal(keyOf(same.present()));
    expect(keyOf(disk('stale').present())).to.not.equal(keyOf(disk('zeros').present()));
    expect(crashImages(disk('stale'), { pending: 2 }).images).to.deep.equal(crashImages(disk('zeros'), { pending: 2 }).images);
  });

  it('are gone with a disk that is replaced by an empty one', () => {
    const made = disk('stale');
    made.remove('wal/new');
    made.syncDirectory('wal');
    made.damage({ type: 'wipe' });
    made.create('wal/new');
    made.syncDirectory('wal');
    made.append('wal/new', filled(2000, 2));
    expect(left(made, { sectors: '0001' })[0]).to.deep.equal([0, 1536]);
  });
});

describe('a device without powersafe overwrite', () => {
  const unsafe = (): SimulatedDisk => {
    const made = disk('zeros');
    made.inject({ type: 'unsafe-overwrite', id: 'device' });
    return made;
  };

  it('loses the sector in which the first byte stands that does not survive, with what had been synced there', () => {
    expect(left(unsafe(), 'none')).to.deep.equal([[0, 100]]);
    expect(left(unsafe(), { cut: 20 })).to.deep.equal([[0, 120]]);
    expect(left(unsafe(), { cut: 500 })).to.deep.equal([
      [1, 100],
      [2, 412],
      [0, 88],
    ]);
    expect(left(unsafe(), { sectors: '0111' })).to.deep.equal([
      [0, 512],
      [2, 1488],
    ]);
  });

  it('loses nothing where all survives, where a sector ends, of files that were not written, and when the process is killed', () => {
    expect(left(unsafe(), 'all')).to.deep.equal([
      [1, 100],
      [2, 1900],
    ]);
    expect(left(unsafe(), { cut: 412 })).to.deep.equal([
      [1, 100],
      [2, 412],
    ]);
    const made = unsafe();
    made.sync('wal/new');
    expect(left(made, 'none')).to.deep.equal([
      [1, 100],
      [2, 1900],
    ]);
    const lifted = unsafe();
    lifted.lift('device');
    expect(left(lifted, 'none')).to.deep.equal([[1, 100]]);
  });
});
