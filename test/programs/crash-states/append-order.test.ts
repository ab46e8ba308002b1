/** Appends that overlap: their order is that of the folder at the end, and never one that contradicts what had ended before. */
import { constants } from 'node:fs';
import { expect } from 'chai';
import { inAppendOrder } from '../../../programs/crash-states/append-order.ts';
import { timelineOf } from '../../../programs/crash-states/timeline.ts';
import type { Entry, ProgramRecord, RecordedCall } from '../../../programs/recording/calls.ts';
import { personalities } from '../../../wal/storage/personalities.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const fileOf = (text: string): Entry => ({ type: 'file', bytes: bytesOf(text) });

/** Writes to one log, each as `text@begin-end`. */
function recordOf(writes: string, after: string, flags = constants.O_APPEND): ProgramRecord {
  const call = (begin: number, end: number, made: RecordedCall['call']): RecordedCall => ({
    begin,
    end,
    process: 'a',
    call: made,
    place: '',
  });
  return {
    folder: '/f',
    before: new Map([['log', fileOf('0')]]),
    after: new Map([['log', fileOf(after)]]),
    calls: [
      call(1, 2, { op: 'open', path: '/f/log', flags, fd: 3 }),
      ...writes.split(' ').map((write) => {
        const [text = '', begin, end] = write.split(/[@-]/);
        return call(Number(begin), Number(end), { op: 'write', fd: 3, bytes: bytesOf(text), position: null });
      }),
    ],
  };
}
const unseenIn = (record: ProgramRecord): number =>
  timelineOf(inAppendOrder(record), personalities['posix-weakest']).unseen.length;

describe('overlapping appends', () => {
  it('take the order that the folder at the end shows, also of other lengths, of three, and in a chain', () => {
    expect(unseenIn(recordOf('a@10-20 b@11-21', '0ba'))).to.equal(0);
    expect(unseenIn(recordOf('long@10-20 b@11-21', '0blong'))).to.equal(0);
    expect(unseenIn(recordOf('a@10-20 b@11-21 c@12-22', '0cab'))).to.equal(0);
    expect(unseenIn(recordOf('a@10-15 b@11-25 c@20-30', '0acb'))).to.equal(0);
    expect(unseenIn(recordOf('x@1.1-1.2 a@10-20 b@11-21 c@30-31', '0bac'))).to.equal(0);
    expect(unseenIn(recordOf('ab@10-20 a@11-21 b@12-22', '0abab'))).to.equal(0);
  });

  it('in whatever order the record lists them', () => {
    const record = recordOf('a@10-20 b@11-21 c@12-22', '0cba');
    expect(unseenIn({ ...record, calls: [...record.calls].reverse() })).to.equal(0);
  });

  it('through a shared place in the file as well', () => {
    expect(unseenIn(recordOf('a@10-20 b@11-21', 'ba', constants.O_WRONLY))).to.equal(0);
  });

  it('stay as they began where that fits; the record is the same then', () => {
    const record = recordOf('a@10-20 b@11-21', '0ab');
    expect(inAppendOrder(record).calls).to.deep.equal(record.calls);
  });

  it('keep their ends, and begin before them: a sync that covers one covers it still', () => {
    const { calls } = inAppendOrder(recordOf('a@10-20 b@11-21', '0ba'));
    const writes = calls.filter(({ call }) => call.op === 'write');
    expect(writes.map(({ begin, end }) => [begin, end])).to.deep.equal([
      [11, 21],
      [11, 20],
    ]);
  });

  it('that follow each other are not turned round, and other bytes stay unseen', () => {
    expect(unseenIn(recordOf('a@10-11 b@12-13', '0ba'))).to.be.greaterThan(0);
    expect(unseenIn(recordOf('a@10-15 b@11-25 c@20-30', '0cba'))).to.be.greaterThan(0);
    expect(unseenIn(recordOf('a@10-20 b@11-21', '0bx'))).to.be.greaterThan(0);
  });
});
