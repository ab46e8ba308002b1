/** What a killed writer has reported is made again on the simulated disk: a change that was under way as far as the folder shows it. */
import { expect } from 'chai';
import { replayChanges } from '../../dev/tools/kills-replay.ts';
import { SimulatedDisk } from '../../wal/index.ts';

const bytes = Uint8Array.of(1, 2, 3, 4);
const append = JSON.stringify(['append', 'wal/1.wal', Buffer.from(bytes).toString('base64')]);
const create = JSON.stringify(['create', 'wal/1.wal']);
const remove = JSON.stringify(['remove', 'wal/1.wal']);

function folderWith(content?: Uint8Array): SimulatedDisk {
  const folder = new SimulatedDisk();
  if (content === undefined) return folder;
  folder.create('wal/1.wal');
  folder.append('wal/1.wal', content);
  return folder;
}

/** The disk after these lines, where the folder is found so. */
function replayed(lines: readonly string[], folder: SimulatedDisk): SimulatedDisk {
  const disk = new SimulatedDisk();
  replayChanges(disk, lines, folder);
  return disk;
}

describe('the changes of a killed writer', () => {
  it('makes a file that was under way only where it is there', () => {
    expect(replayed([create], folderWith(bytes)).exists('wal/1.wal')).to.equal(true);
    expect(replayed([create], folderWith()).exists('wal/1.wal')).to.equal(false);
  });

  it('removes a file that was under way only where it is gone', () => {
    const before = [create, 'done', append, 'done'];
    expect(replayed([...before, remove], folderWith()).exists('wal/1.wal')).to.equal(false);
    expect(replayed([...before, remove], folderWith(bytes)).exists('wal/1.wal')).to.equal(true);
  });

  it('takes as much of a write as the folder has', () => {
    const half = replayed([create, 'done', append], folderWith(bytes.subarray(0, 2)));
    expect(half.read('wal/1.wal')).to.deep.equal(bytes.subarray(0, 2));
    const over = JSON.stringify(['writeAt', 'wal/1.wal', 1, Buffer.from([9, 9]).toString('base64')]);
    const written = replayed([create, 'done', append, 'done', over], folderWith(Uint8Array.of(1, 9, 3, 4)));
    expect(written.read('wal/1.wal')).to.deep.equal(Uint8Array.of(1, 9, 3, 4));
  });

  it('calls nothing durable that was not, and skips what was left out', () => {
    const sync = JSON.stringify(['sync', 'wal/1.wal']);
    const disk = replayed([create, 'done', append, 'done', sync, 'skipped', sync], folderWith(bytes));
    expect(disk.pending().some(({ type }) => type === 'write')).to.equal(true);
  });
});
