/** CometBFT's logs: torn tails, records of Tendermint before 0.34, and groups of rolled files. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  compareGroupPolicies,
  comparePolicies,
  engineOf,
  type GroupFile,
  type Inspection,
  inspectCometbftGroup,
  inspectLog,
  type PolicyOutcome,
} from '../../../wal/index.ts';
import {
  cometLog,
  cometPayloads,
  cometRecord,
  join,
  oldestPayload,
  oldLog,
  oldPayload,
  roundState,
  text,
  uint32,
  zeros,
} from './log-builders.ts';

/** As the bytes show. */
const inspect = (bytes: Uint8Array): Inspection => inspectLog('x.log', bytes);
const cometbft = (outcomes: readonly PolicyOutcome[]): PolicyOutcome =>
  outcomes.find(({ policy }) => policy === 'cometbft') as PolicyOutcome;
const randomBytes = (length: number): Uint8Array => {
  let state = 12_345;
  return zeros(length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
};

describe("CometBFT's log with a torn tail", () => {
  const log = cometLog(2);

  it('is torn at any number of zeros up to the end, which says how many they are', function () {
    this.timeout(120_000);
    for (let count = 1; count <= 8192; count += 1)
      expect(inspect(join(log, zeros(count))).verdict).to.deep.equal({
        status: 'torn',
        offset: log.length,
        reason: `${count} zeros up to the end`,
      });
  });

  it('is torn wherever its last record is cut', () => {
    for (const content of [zeros(900), zeros(900).fill(255), join(...Array.from({ length: 200 }, (_none, k) => uint32(k)))]) {
      const record = cometRecord(roundState(3, `Propose ${String.fromCharCode(...content.map((byte) => byte & 127))}`));
      for (let cut = 1; cut < record.length; cut += 1)
        expect(inspect(join(log, record.subarray(0, cut))).verdict, `${cut} bytes`).to.include({
          status: 'torn',
          offset: log.length,
        });
    }
  });

  it('is corrupt where whole records follow a record that seems to be torn', () => {
    const [first = zeros(0)] = cometPayloads(2);
    const hit = log.slice();
    hit[5] = 5;
    const { status, reason } = inspect(hit).verdict;
    expect(status).to.equal('corrupt');
    expect(reason).to.contain(`a whole record follows at byte ${cometRecord(first).length}`);
  });

  it('is no log, however many random bytes there are', () => {
    for (const size of [100, 10_000, 3_000_000])
      expect(inspect(randomBytes(size)).verdict).to.deep.equal({
        status: 'foreign',
        offset: 0,
        reason: 'no log of an engine that is known here',
      });
  });
});

describe('a log of Tendermint before 0.34', () => {
  const log = oldLog(4);

  it('is foreign, named, and its records are listed', () => {
    const { engine, header, entries, verdict } = inspect(log);
    expect(engine).to.equal('cometbft');
    expect(header).to.deep.equal({ encoding: 'Tendermint before 0.34 (amino)' });
    expect(verdict).to.include({ status: 'foreign', offset: null });
    expect(verdict.reason).to.match(/Tendermint before 0\.34.*another version; every record is whole$/);
    expect(entries.map(({ kind }) => kind).slice(0, 5)).to.deep.equal([
      'end_height',
      'timeout',
      'round_state',
      'message',
      'end_height',
    ]);
    expect(entries).to.have.length(17);
  });

  it('is torn within that, wherever it is cut', () => {
    const ends = inspect(log).entries.map(({ offset, bytes }) => offset + bytes);
    expect(ends).to.have.length(17);
    for (let cut = (ends[0] as number) + 1; cut < log.length; cut += 1) {
      const { entries, verdict } = inspect(log.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut);
      const end = whole.at(-1) as number;
      expect(entries).to.have.length(whole.length);
      expect(verdict).to.include({ status: 'foreign', offset: end === cut ? null : end });
      expect(verdict.reason).to.contain(end === cut ? 'every record is whole' : `torn at byte ${end}`);
    }
  });

  it('is named also where its first record or another was hit, and the damage is said', () => {
    for (let offset = 0; offset < log.length - 40; offset += 1) {
      const hit = log.slice();
      hit[offset] = (hit[offset] as number) ^ 0x20;
      const { verdict } = inspect(hit);
      expect(verdict.status, `byte ${offset}`).to.equal('foreign');
      expect(verdict.reason).to.match(/Tendermint before 0\.34.*; corrupt at byte \d+: /);
    }
  });

  it('is judged the same at any size', () => {
    const message = randomBytes(60_000);
    const large = join(oldLog(20, message), oldLog(20, join(zeros(30_000), message)));
    expect(large.length).to.be.greaterThan(2_900_000);
    expect(inspect(large).verdict).to.include({ status: 'foreign', offset: null });
    const hit = large.slice();
    hit[2] = 9;
    hit[1_500_000] = 1;
    for (const bytes of [hit, large.subarray(0, large.length - 10_000), large.subarray(3)]) {
      expect(inspect(bytes).header).to.deep.equal({ encoding: 'Tendermint before 0.34 (amino)' });
      expect(inspect(bytes).verdict.status).to.equal('foreign');
    }
  });

  it('is known by the types of 0.19 to 0.21 too', () => {
    const kinds = ['end_height', 'timeout', 'round_state', 'message'] as const;
    const oldest = join(...kinds.map((kind) => cometRecord(oldestPayload(kind, [0x08, 1]))));
    expect(inspect(oldest).entries.map(({ kind }) => kind)).to.deep.equal([...kinds]);
    expect(inspect(oldest).verdict.reason).to.contain('Tendermint before 0.34');
    // The first record of a node of 2018 (github.com/blockfreight/go-bftx, data/cs.wal/wal).
    const real = '4026a515000000200b09000000005b46a9a7151e77e5700417c7309b430900000000000000000404';
    const { entries, verdict } = inspect(Uint8Array.from(Buffer.from(real, 'hex')));
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['end_height']);
    expect(verdict).to.include({ status: 'foreign', offset: null });
  });

  it('in an encoding that is not known is foreign as well, and its records are listed', () => {
    const strange = join(...[text('one'), text('two'), text('three')].map(cometRecord), zeros(16));
    const { entries, verdict } = inspect(strange);
    expect(entries.map(({ kind, payloadBytes }) => [kind, payloadBytes])).to.deep.equal([
      ['unknown', 3],
      ['unknown', 3],
      ['unknown', 5],
    ]);
    expect(verdict.status).to.equal('foreign');
    expect(verdict.reason).to.contain('their encoding is not known here; torn at byte 35: 16 zeros up to the end');
  });

  it("is damage in the middle of CometBFT's own records, as its decoder says", () => {
    const [first = zeros(0), ...others] = cometPayloads(1).map(cometRecord);
    const mixed = join(first, cometRecord(oldPayload('end_height', [0x08, 1])), ...others);
    expect(inspect(mixed).verdict).to.include({ status: 'corrupt', offset: first.length });
  });

  it('holds no end of a height for the CometBFT of today, which starts without replay', () => {
    const outcome = cometbft(comparePolicies(engineOf(log), 'x.log', log));
    expect(outcome).to.include({ goesOn: true, keptBytes: 0, lostEntries: 17 });
    expect(outcome.words).to.contain('finds no end of a height, and starts without replay');
  });
});

/** A group whose files hold `perFile` records each; the head holds the rest. */
function groupOf(payloads: readonly Uint8Array[], perFile: number, firstNumber = 0): GroupFile[] {
  const files: GroupFile[] = [];
  for (let from = 0; from < payloads.length; from += perFile) {
    const isHead = from + perFile >= payloads.length;
    const number = String(firstNumber + files.length).padStart(3, '0');
    const bytes = join(...payloads.slice(from, from + perFile).map(cometRecord));
    files.push({ name: isHead ? 'wal' : `wal.${number}`, bytes });
  }
  return files;
}

describe('a group of rolled files', () => {
  const group = groupOf(cometPayloads(4), 3);
  const numbered = group.slice(0, -1);

  it('is corrupt exactly where a number between its lowest and its highest is missing', () => {
    fc.assert(
      fc.property(fc.subarray(numbered, { minLength: 1 }), fc.boolean(), fc.nat(1200), (kept, hasHead, shift) => {
        const nameOf = (name: string): string => `wal.${String(Number(name.slice(4)) + shift).padStart(3, '0')}`;
        const files = kept.map(({ name, bytes }) => ({ name: nameOf(name), bytes }));
        const { verdict } = inspectCometbftGroup(hasHead ? [...files, group.at(-1) as GroupFile] : files);
        const numbers = files.map(({ name }) => Number(name.slice(4)));
        const missing = [...Array(Math.max(...numbers) - Math.min(...numbers)).keys()]
          .map((step) => Math.min(...numbers) + step)
          .filter((number) => !numbers.includes(number));
        expect(verdict.status).to.equal(missing.length === 0 ? 'clean' : 'corrupt');
        if (missing.length === 0) return;
        const [first = 0] = missing;
        const after = Math.min(...numbers.filter((number) => number > first));
        expect(verdict).to.include({ offset: 0, file: `wal.${String(after).padStart(3, '0')}` });
        expect(verdict.reason)
          .to.match(/ (is|are) missing$/)
          .and.to.contain(`wal.${String(first).padStart(3, '0')}`);
      }),
      { numRuns: 400, seed: 4 },
    );
  });

  it('names every gap, at any distance', () => {
    const [a, b, c, d] = numbered as [GroupFile, GroupFile, GroupFile, GroupFile];
    const files = [
      { ...a, name: 'wal.007' },
      { ...b, name: 'wal.009' },
      { ...c, name: 'wal.999999999' },
      { ...d, name: 'wal.1000000000' },
    ];
    expect(inspectCometbftGroup(files).verdict.reason).to.equal('wal.008, wal.010 to wal.999999998 are missing');
  });

  it('counts a number only under the name that the engine opens', () => {
    const files = group.map((file) => (file.name === 'wal.002' ? { ...file, name: 'wal.0002' } : file));
    expect(inspectCometbftGroup(files).verdict).to.include({ status: 'corrupt', file: 'wal.003', reason: 'wal.002 is missing' });
  });

  it('is clean where a record lies over a boundary, at any byte of it', () => {
    for (const [index, file] of numbered.entries())
      for (let moved = 0; moved <= file.bytes.length; moved += 1) {
        const files = group.map((one, number) => {
          if (number === index) return { ...one, bytes: one.bytes.slice(0, one.bytes.length - moved) };
          return number === index + 1 ? { ...one, bytes: join(file.bytes.slice(file.bytes.length - moved), one.bytes) } : one;
        });
        expect(inspectCometbftGroup(files).verdict.status).to.equal('clean');
      }
  });

  it('is corrupt where bytes are lost before a boundary, and where a rolled file ends in zeros', () => {
    for (const [index, file] of numbered.entries())
      for (let lost = 1; lost < file.bytes.length; lost += 1) {
        const short = file.bytes.slice(0, file.bytes.length - lost);
        const isBetweenRecords = inspectCometbftGroup([{ name: 'wal', bytes: short }]).verdict.status === 'clean';
        const withShort = (bytes: Uint8Array): readonly GroupFile[] =>
          group.map((one, number) => (number === index ? { ...one, bytes } : one));
        if (!isBetweenRecords) expect(inspectCometbftGroup(withShort(short)).verdict.status).to.equal('corrupt');
        expect(inspectCometbftGroup(withShort(join(short, zeros(lost)))).verdict.status).to.equal('corrupt');
      }
  });

  it('says what is worse than its gap, and that the gap is there', () => {
    const files = group.filter(({ name }) => name !== 'wal.003').map((file) => ({ ...file, bytes: file.bytes.slice() }));
    const [first, second] = files as [GroupFile, GroupFile];
    first.bytes[12] = 1;
    expect(inspectCometbftGroup(files).verdict).to.deep.equal({
      status: 'corrupt',
      offset: 0,
      file: 'wal.000',
      reason: 'its checksum does not fit; and wal.003 is missing',
    });
    // A last record that is cut at the gap, and nothing whole after it.
    const cut = [
      { ...second, name: 'wal.000', bytes: second.bytes.subarray(0, second.bytes.length - 9) },
      { name: 'wal.002', bytes: zeros(3) },
    ];
    expect(inspectCometbftGroup(cut).verdict.status).to.equal('corrupt');
    expect(inspectCometbftGroup(cut).verdict.reason).to.match(
      /^it would end after the end of the file; and wal\.001 is missing$/,
    );
  });

  it('is foreign where it is of Tendermint before 0.34, and its gap is said', () => {
    const old = oldLog(4);
    const [first = zeros(0)] = [old.subarray(0, 24)];
    const files = [
      { name: 'wal.000', bytes: first },
      { name: 'wal.002', bytes: old.subarray(24) },
    ];
    const { entries, verdict } = inspectCometbftGroup(files);
    expect(verdict).to.include({ status: 'foreign', file: 'wal.002', offset: 0 });
    expect(verdict.reason).to.match(/Tendermint before 0\.34.*; and wal\.001 is missing$/);
    expect(entries).to.have.length(1);
  });
});

describe('what CometBFT makes of a log', () => {
  const payloads = cometPayloads(3);
  const whole = payloads.map(cometRecord);
  /** The payload of record `at` is hit. */
  const hitAt = (at: number): Uint8Array =>
    join(
      ...whole.map((record, index) => (index === at ? record.map((byte, place) => (place === 12 ? byte ^ 1 : byte)) : record)),
    );
  const offsetOf = (at: number): number => join(...whole.slice(0, at)).length;
  /** The record that ends height 3; without it the height before is replayed. */
  const lastEnd = payloads.length - 3;

  it('does not notice damage before the height that it replays, and repairs damage in it', () => {
    for (let at = 0; at < payloads.length; at += 1) {
      const outcome = cometbft(comparePolicies('cometbft', 'wal', hitAt(at)));
      expect(outcome).to.include({
        keptBytes: offsetOf(at),
        keptEntries: at,
        lostEntries: payloads.length - at - 1,
        goesOn: true,
      });
      expect(outcome.words).to.match(
        at < lastEnd
          ? /^not noticed: only what follows the end of height 3 is replayed; a repair would keep (nothing|what is before the first error)$/
          : /^repaired: everything up to the first error, and not synced$/,
      );
    }
  });

  it('starts without replay where no end of a height is found', () => {
    const log = join(cometRecord(roundState(1, 'Propose')), zeros(20));
    expect(cometbft(comparePolicies('cometbft', 'wal', log)).words).to.contain(
      'finds no end of a height, and starts without replay',
    );
  });

  it('repairs the head of a group alone: damage in a rolled file of the same height stops it', () => {
    const names = ['wal.000', 'wal.001', 'wal'];
    const parts = [whole.slice(0, lastEnd), whole.slice(lastEnd, -1), whole.slice(-1)].map((records) => join(...records));
    const filesOf = (bytes: readonly Uint8Array[]): GroupFile[] =>
      names.map((name, index) => ({ name, bytes: bytes[index] as Uint8Array }));
    const [older, rolled, head] = parts as [Uint8Array, Uint8Array, Uint8Array];
    const endBytes = (whole[lastEnd] as Uint8Array).length;
    const outcomeOf = (...bytes: readonly Uint8Array[]): PolicyOutcome => cometbft(compareGroupPolicies(filesOf(bytes)));
    expect(outcomeOf(older, rolled, head)).to.include({ goesOn: true, words: 'all of it is read' });
    const hitRolled = rolled.map((byte, place) => (place === endBytes + 12 ? byte ^ 1 : byte));
    expect(outcomeOf(older, hitRolled, head)).to.include({
      goesOn: false,
      words: 'only the head file is repaired, and the error in wal.001 stays: the node does not start',
    });
    const size = older.length + rolled.length;
    expect(outcomeOf(older, rolled, head.subarray(0, 20))).to.include({
      keptBytes: size,
      goesOn: true,
      words: 'the head file is repaired: everything up to its first error, and not synced',
    });
    expect(
      outcomeOf(
        older.map((byte, place) => (place === 12 ? byte ^ 1 : byte)),
        rolled,
        head,
      ).words,
    ).to.match(/^not noticed/);
  });

  it('looks for the end of a height in the newest file first', () => {
    const [older, newer] = [whole.slice(0, 6), whole.slice(6)].map((records) => join(...records));
    const hit = (older as Uint8Array).slice();
    // The length of the second record, after the end of height 0, reaches past the end of the group.
    hit[(whole[0] as Uint8Array).length + 5] = 15;
    const files = [
      { name: 'wal.000', bytes: hit },
      { name: 'wal', bytes: newer as Uint8Array },
    ];
    expect(cometbft(compareGroupPolicies(files))).to.include({
      goesOn: true,
      words: 'not noticed: only what follows the end of height 3 is replayed; the head file has no error',
    });
  });

  it('reads on eight bytes after a length above the limit', () => {
    // The record is a multiple of eight bytes, and none of its eights holds a length below the limit.
    const record = cometRecord(roundState(1, 'Propose'.padEnd(23, '~')));
    expect(record.length % 8).to.equal(0);
    const log = join(record, ...whole);
    log[4] = 255;
    expect(cometbft(comparePolicies('cometbft', 'wal', log)).words).to.match(
      /^not noticed: only what follows the end of height 3/,
    );
  });

  it('repairs an empty head where there is none yet: the torn record in the newest rolled file stops it', () => {
    const files = [{ name: 'wal.000', bytes: join(...whole).subarray(0, -5) }];
    expect(inspectCometbftGroup(files).verdict).to.include({ status: 'torn', file: 'wal.000' });
    expect(cometbft(compareGroupPolicies(files))).to.include({ goesOn: false });
  });

  it('reads over a gap as if an empty file were there', () => {
    const files = groupOf(cometPayloads(4), 3).filter(({ name }) => name !== 'wal.002');
    const outcomes = compareGroupPolicies(files);
    expect(cometbft(outcomes)).to.include({
      goesOn: true,
      words: 'all of it is read; wal.002 is missing, and its reader creates an empty file there',
    });
    expect(outcomes[0]).to.include({ policy: 'lazurite', goesOn: false });
  });

  it('is answered without an error, whatever happened to it', () => {
    const log = join(...whole);
    const change = fc.record({ at: fc.nat(log.length), remove: fc.nat(30), insert: fc.uint8Array({ maxLength: 30 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(log.length), (changes, boundary) => {
        let bytes = log;
        for (const { at, remove, insert } of changes) bytes = join(bytes.slice(0, at), insert, bytes.slice(at + remove));
        const files = [
          { name: 'wal.000', bytes: bytes.slice(0, boundary) },
          { name: 'wal', bytes: bytes.slice(boundary) },
        ];
        const single = inspectLog('wal', bytes, 'cometbft');
        const grouped = inspectCometbftGroup(files);
        expect(grouped.verdict.status).to.equal(single.verdict.status);
        expect(grouped.entries.length).to.equal(single.entries.length);
        for (const { keptBytes } of compareGroupPolicies(files)) expect(keptBytes).to.be.within(0, bytes.length);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});
