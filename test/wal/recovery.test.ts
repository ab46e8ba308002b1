import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { countRows, fileCombinations, folderCombinations, recoveryTableText } from '../../apps/cli/recovery-table.ts';
import { keyOf } from '../../core/state-key.ts';
import {
  type BootOptions,
  contentsOf,
  fileTable,
  folderTable,
  Log,
  planBoot,
  RecoveryError,
  SimulatedDisk,
  type Storage,
  sourceOf,
} from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';

const payload = (height: number, length = 4): Uint8Array => new Uint8Array(length).fill(height);
const options = (salt: number): BootOptions => ({
  attest: 'next',
  salt,
  heightOf: (block) => block[0] ?? 0,
  blockAfter: (_last, height) => payload(height),
  keepBlocks: 100,
});
const entriesOf = (log: Log): readonly number[] => [...log.entries()].map(({ sequence }) => sequence);

function started(storage: Storage = new SimulatedDisk()): { storage: Storage; log: Log } {
  Log.init(storage, 1);
  return { storage, log: Log.open(storage, options(2)) };
}

describe('a frame of a kind that there is not', () => {
  it('is refused before a byte of it is written, as nobody could read it again', () => {
    const { storage, log } = started();
    expect(() => log.append('nokind' as never, payload(1))).to.throw(RangeError, "'nokind' is no kind of frame");
    log.append('start', payload(1));
    log.flush();
    expect(entriesOf(Log.open(storage, options(3)))).to.have.length(1);
  });
});

describe('the recovery tables', () => {
  it('meet every combination of conditions exactly once', () => {
    expect(countRows(fileTable, fileCombinations()).isWhole).to.equal(true);
    expect(countRows(folderTable, folderCombinations()).isWhole).to.equal(true);
    expect(recoveryTableText().isWhole).to.equal(true);
  });

  for (const row of fileTable) {
    it(`have a gap without the row '${row.finding}'`, () => {
      expect(
        countRows(
          fileTable.filter((other) => other !== row),
          fileCombinations(),
        ).isWhole,
      ).to.equal(false);
    });
  }
  for (const row of folderTable) {
    it(`have a gap without the row '${row.name}'`, () => {
      expect(
        countRows(
          folderTable.filter((other) => other !== row),
          folderCombinations(),
        ).isWhole,
      ).to.equal(false);
    });
  }
});

describe('a log', () => {
  it('brings back what was flushed, life after life, and numbers go on', () => {
    const { storage, log } = started();
    const last = log.append('input', payload(1));
    log.flush();
    const again = Log.open(storage, options(3));
    expect(entriesOf(again)).to.deep.equal([last]);
    expect(again.append('input', payload(2))).to.be.greaterThan(last);
    again.flush();
    expect(entriesOf(Log.open(storage, options(4)))).to.have.length(2);
  });

  it('writes several frames at once as it writes them one by one, byte for byte', () => {
    const frames = [1, 2, 3].map((number) => ({ kind: 'input', payload: payload(number, 200) }) as const);
    const [one, many] = [started(), started()];
    for (const { kind, payload: bytes } of frames) one.log.append(kind, bytes);
    many.log.appendAll(frames);
    expect(many.log.flush()).to.equal(one.log.flush());
    expect(many.storage.read('wal/1.1.wal')).to.deep.equal(one.storage.read('wal/1.1.wal'));
  });

  it('is the same on real files as on the simulated disk, byte for byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-log-'));
    const files = new RealFiles(folder);
    const disk = new SimulatedDisk();
    for (const storage of [files, disk]) {
      const { log } = started(storage);
      log.append('input', payload(9, 300));
      log.flush();
      log.advance(payload(1), 7);
      log.append('own', payload(3));
      log.flush();
      Log.open(storage, options(5));
    }
    for (const directory of ['wal', 'blocks']) {
      expect(files.list(directory)).to.deep.equal(disk.list(directory));
      for (const name of disk.list(directory))
        expect([...files.read(`${directory}/${name}`)]).to.deep.equal([...disk.read(`${directory}/${name}`)]);
    }
    files.close();
    rmSync(folder, { recursive: true });
  });

  it('refuses an empty folder, and refuses to be made where a node has run', () => {
    expect(() => Log.open(new SimulatedDisk(), options(1)))
      .to.throw(RecoveryError)
      .with.property('code', 'NOT_INITIALIZED');
    const { storage } = started();
    expect(() => Log.init(storage, 1))
      .to.throw(RecoveryError)
      .with.property('code', 'ALREADY_INITIALIZED');
  });

  it('cuts a torn tail and keeps everything before it', () => {
    const disk = new SimulatedDisk();
    const { log } = started(disk);
    log.append('input', payload(1));
    log.flush();
    log.append('input', payload(2));
    disk.powerLoss({ cut: 20 });
    const again = Log.open(disk, options(3));
    expect(again.tornBytes).to.equal(20);
    expect(entriesOf(again)).to.have.length(1);
  });

  it('calls damage in the middle corrupt, names file, byte and frame, and changes nothing', () => {
    const { storage, log } = started();
    for (let i = 0; i < 3; i += 1) {
      log.append('input', payload(i));
      log.flush();
    }
    const disk = storage as SimulatedDisk;
    disk.damage({ type: 'bit-flip', file: 'wal/1.1.wal', offset: 48 + 2 * 36 + 32 + 2, bit: 0 });
    const before = keyOf(disk.present());
    expect(() => Log.open(disk, options(3))).to.throw(RecoveryError, /wal\/1\.1\.wal at byte \d+ \(frame \d+\).*durable/);
    expect(keyOf(disk.present())).to.equal(before);
  });

  it('answers a hundred thousand mutated logs with entries or a typed error, in bounded time and memory', function () {
    this.timeout(120_000);
    const { storage, log } = started();
    for (let i = 0; i < 6; i += 1) {
      log.append('input', payload(i, 20 + 40 * i));
      if (i % 2 === 0) log.flush();
    }
    const files = [...contentsOf(storage)].map(
      ([file, source]) => [file, source.read(0, source.length).slice()] as [string, Uint8Array],
    );
    const mutation = fc.record({ file: fc.nat(), at: fc.nat(), kind: fc.nat(3), value: fc.nat(255), count: fc.nat(64) });
    let opened = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const mutated = new Map(files);
        for (const { file: number, at, kind, value, count } of mutations) {
          const [file] = files[number % files.length] as (typeof files)[number];
          mutated.set(file, mutate(mutated.get(file) as Uint8Array, at, kind, value, count));
        }
        try {
          planBoot(new Map([...mutated].map(([file, bytes]) => [file, sourceOf(bytes)])), options(9));
          opened += 1;
        } catch (error) {
          if (!(error instanceof RecoveryError)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 100_000, seed: 7 },
    );
    expect(opened).to.be.greaterThan(100);
    expect(refused).to.be.greaterThan(100);
  });
});

function mutate(bytes: Uint8Array, at: number, kind: number, value: number, count: number): Uint8Array {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const copy = bytes.slice();
  switch (kind) {
    case 0:
      if (copy.length > 0) copy[place] = value;
      return copy;
    case 1:
      return copy.subarray(0, place);
    case 2:
      return Uint8Array.from([...copy.subarray(0, place), ...new Uint8Array(count).fill(value), ...copy.subarray(place)]);
    default:
      return Uint8Array.from([...copy.subarray(0, place), ...copy.subarray(Math.min(copy.length, place + count))]);
  }
}
