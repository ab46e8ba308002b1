/** The record of the file system as calls. Here the operations are written by hand, so nothing is mounted. */
import { constants } from 'node:fs';
import { expect } from 'chai';
import { timelineOf } from '../../../../programs/crash-states/timeline.ts';
import type { Entry, RecordedCall } from '../../../../programs/recording/calls.ts';
import { callsOfOperations } from '../../../../programs/recording/fuse/fuse-calls.ts';
import { type FuseOperation, fuseOperations } from '../../../../programs/recording/fuse/fuse-operations.ts';
import { checkedLine, lineOfCall } from '../../../../programs/recording/record-lines.ts';
import { RecordingError } from '../../../../programs/recording/recording-error.ts';
import { personalities } from '../../../../wal/storage/personalities.ts';

interface Done {
  readonly process?: number;
  readonly result?: number;
  readonly handle?: number;
  readonly number?: number;
  readonly first?: string;
  readonly second?: string;
}

/** One operation as the file system writes it; each begins when the one before has ended. */
function written(operations: readonly (readonly [name: string, done: Done])[]): Uint8Array {
  const lines = operations.map(([name, { process = 7, result = 0, handle = 0, number = 0, first = '', second = '' }], index) => {
    const sizes = `${Buffer.byteLength(first)} ${Buffer.byteLength(second)}`;
    return `${2 * index + 1} ${2 * index + 2} ${process} ${name} ${result} ${handle} ${number} ${sizes}\n${first}${second}\n`;
  });
  return new Uint8Array(Buffer.from(`${lines.join('')}end\n`));
}
const callsOf = (...operations: readonly (readonly [string, Done])[]): readonly RecordedCall[] =>
  callsOfOperations(fuseOperations(written(operations)));
const opened = (flags: number, handle = 1): readonly [string, Done] => ['open', { handle, number: flags, first: '/f/a' }];

describe('the record of a file system', () => {
  it('is read with texts that hold newlines and blanks', () => {
    const [operation] = fuseOperations(written([['rename', { first: '/f/a\nend\n', second: '/f/b c' }]]));
    const { name, process, first, second } = operation as FuseOperation;
    expect([name, process, String(Buffer.from(first)), String(Buffer.from(second))]).to.deep.equal([
      'rename',
      7,
      '/f/a\nend\n',
      '/f/b c',
    ]);
  });

  it('is refused where it is cut anywhere, or goes on after its end', () => {
    const whole = written([opened(constants.O_RDWR), ['write', { result: 2, handle: 1, number: 0, first: 'ab' }]]);
    expect(fuseOperations(whole)).to.have.length(2);
    for (let length = 0; length < whole.length; length += 1)
      expect(() => fuseOperations(whole.subarray(0, length)), `${length}`).to.throw(RecordingError, /cut at byte \d+/);
    expect(() => fuseOperations(new Uint8Array([...whole, 10]))).to.throw(RecordingError);
  });

  it('becomes calls with the thread and no line; what failed or changes nothing is no call', () => {
    const calls = callsOf(
      ['mkdir', { result: -17, first: '/f/there' }],
      ['none', { handle: 9 }],
      ['rename', { first: '/f/a', second: '/f/b' }],
      ['fsync', { result: -5, handle: 0 }],
    );
    expect(calls).to.deep.equal(
      [
        {
          begin: 5,
          end: 6,
          process: 'fuse',
          call: { op: 'rename', from: '/f/a', to: '/f/b' },
          place: 'rename of process 7, without a source line',
        },
        { begin: 4.25, end: 4.5, process: 'fuse', call: { op: 'close', fd: 9 }, place: '' },
      ].sort((a, b) => a.begin - b.begin),
    );
  });

  it('has a line of output where its last byte was written, and a name of its own for an exchange', () => {
    const calls = callsOf(
      ['output', { result: 2, handle: 1, first: 'on' }],
      ['exchange', { first: '/f/a', second: '/f/b' }],
      ['output', { result: 2, handle: 1, first: 'e\n' }],
    ).map(({ begin, call }) => [begin, call]);
    expect(calls.slice(0, 2)).to.deep.equal([
      [3, { op: 'unseen', what: 'an exchange of /f/a and /f/b' }],
      [5, { op: 'acknowledge', value: 'one' }],
    ]);
  });

  it('closes a file after its last use, which is later than close(2) where memory is mapped to it', () => {
    const ops = callsOf(
      opened(constants.O_RDWR),
      ['flush', { handle: 1 }],
      ['rename', { first: '/f/a', second: '/f/b' }],
      ['mapped', { result: 3, handle: 1, number: 4096, first: 'abc', process: 0 }],
    ).map(({ call }) => call.op);
    expect(ops).to.deep.equal(['open', 'rename', 'write', 'close']);
  });

  it('gives appends a place, and marks what the kernel wrote of mapped memory', () => {
    const calls = callsOf(
      opened(constants.O_RDWR | constants.O_APPEND),
      ['write', { result: 1, handle: 1, number: 5, first: 'x' }],
      ['mapped', { result: 1, handle: 1, number: 0, first: 'y', process: 0 }],
    );
    expect(calls[0]?.call).to.include({ flags: constants.O_RDWR });
    expect(calls[1]?.call).to.deep.equal({ op: 'write', fd: 1, bytes: new Uint8Array([120]), position: 5 });
    expect(calls[2]?.call).to.deep.equal({ op: 'write', fd: 1, bytes: new Uint8Array([121]), position: 0, isMapped: true });
    expect(calls[2]?.place).to.equal('a write-back of mapped memory, without a source line');
    for (const call of calls) expect(checkedLine(JSON.parse(lineOfCall(call))), call.call.op).to.have.property('line');
  });

  describe('with O_DSYNC', () => {
    const flags = constants.O_RDWR | constants.O_DSYNC;
    const before = new Map<string, Entry>([['a', { type: 'file', bytes: new Uint8Array(Buffer.from('0000')) }]]);
    const pendingAtEnd = (...operations: readonly (readonly [string, Done])[]): readonly string[] => {
      const calls = callsOf(opened(flags), opened(constants.O_RDWR, 2), ...operations);
      const { moments, callOf } = timelineOf({ folder: '/f', before, after: before, calls }, personalities['posix-weakest']);
      return (moments.at(-1)?.tree.pending ?? []).map(({ id }) => {
        const call = callOf.get(id)?.call;
        return call?.op === 'write' ? String(Buffer.from(call.bytes)) : '';
      });
    };
    const write = (handle: number, first: string, done: Done = {}): readonly [string, Done] => [
      'write',
      { result: 1, handle, number: 0, first, ...done },
    ];
    const sync = (done: Done = {}): readonly [string, Done] => ['fdatasync', { handle: 1, ...done }];

    it('a write is durable with the sync that the kernel sends after it, and no other write is', () => {
      expect(pendingAtEnd(write(2, 'b'), write(1, 'a'), sync())).to.deep.equal(['b']);
    });

    it('a write that came in two pieces is durable as a whole', () => {
      expect(pendingAtEnd(write(1, 'a'), write(1, 'b', { number: 1 }), sync())).to.deep.equal([]);
    });

    it('the next sync of the same thread is one of the program, and so is one of another thread', () => {
      expect(pendingAtEnd(write(2, 'b'), write(1, 'a'), sync(), sync())).to.deep.equal([]);
      expect(pendingAtEnd(write(2, 'b'), sync({ process: 8 }), write(1, 'a'), sync())).to.deep.equal([]);
    });

    it('says nothing of mapped memory', () => {
      expect(pendingAtEnd(['mapped', { result: 1, handle: 1, number: 0, first: 'm', process: 0 }])).to.deep.equal(['m']);
    });
  });
});
