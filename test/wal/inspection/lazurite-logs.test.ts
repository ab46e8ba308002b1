/** Our own log with a torn tail, as recovery and inspection judge it. */
import { expect } from 'chai';
import { type Inspection, inspectLog, judgeFile, Log, SimulatedDisk, sourceOf } from '../../../wal/index.ts';
import { join, text, zeros } from './log-builders.ts';

const options = { attest: 'next', salt: 2, heightOf: () => 0, blockAfter: () => zeros(4), keepBlocks: 100 } as const;

/** The bytes of the first segment, with one frame of `payload` after the birth. */
function segmentWith(payload: Uint8Array): Uint8Array {
  const disk = new SimulatedDisk();
  Log.init(disk, 1);
  const log = Log.open(disk, options);
  log.append('input', payload);
  log.flush();
  return disk.read('wal/1.1.wal').slice();
}

const inspect = (bytes: Uint8Array): Inspection => inspectLog('1.1.wal', bytes);

describe('our own log with a torn tail', () => {
  it('is torn at any number of zeros up to the end, which says how many they are', () => {
    const log = segmentWith(text('a vote'));
    for (let count = 1; count <= 8192; count += 1)
      expect(inspect(join(log, zeros(count))).verdict).to.deep.equal({
        status: 'torn',
        offset: log.length,
        reason: `${count} zeros up to the end`,
      });
  });

  it('says the zeros also where they stand for a birth that was not finished, or for a whole file', () => {
    const header = segmentWith(zeros(1)).subarray(0, 48);
    expect(inspect(join(header, zeros(512))).verdict).to.deep.equal({
      status: 'torn',
      offset: 48,
      reason: '512 zeros up to the end; its birth was not finished: the life before is read',
    });
    expect(inspect(zeros(48)).verdict.reason).to.match(/^48 zeros up to the end; its birth was not finished/);
    expect(inspect(zeros(49)).verdict).to.deep.equal({
      status: 'corrupt',
      offset: 0,
      reason: '49 zeros up to the end, where a header belongs',
    });
  });

  it('names other bytes as such', () => {
    const log = segmentWith(text('a vote'));
    for (const bytes of [log.subarray(0, log.length - 1), join(log, text('torn'), zeros(500))])
      expect(inspect(bytes).verdict).to.deep.include({
        status: 'torn',
        reason: 'bad bytes, and nothing says that they were durable',
      });
  });

  it('is torn wherever the last frame is cut, though its payload is full of markers', () => {
    const whole = segmentWith(text('LZ'.repeat(3000)));
    const start = whole.length - 6032;
    for (let cut = 1; cut < 6032; cut += 1) {
      const bytes = whole.subarray(0, start + cut);
      const judged = judgeFile('wal/1.1.wal', { height: 1, life: 1 }, sourceOf(bytes));
      expect([judged.finding, judged.endOffset], `${cut} bytes`).to.deep.equal(['torn', start]);
    }
  });

  it('is opened again after such a frame was torn', () => {
    const disk = new SimulatedDisk();
    Log.init(disk, 1);
    const log = Log.open(disk, options);
    const first = log.append('input', text('a vote'));
    log.flush();
    log.append('input', text('LZ'.repeat(3000)));
    disk.powerLoss({ cut: 4000 });
    const again = Log.open(disk, { ...options, salt: 3 });
    expect(again.tornBytes).to.equal(4000);
    expect([...again.entries()].map(({ sequence }) => sequence)).to.deep.equal([first]);
  });
});
