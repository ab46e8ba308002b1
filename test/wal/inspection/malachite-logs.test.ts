/** Malachite's logs, torn and hit at every place: the verdict, and what the engine itself would do. */
import { expect } from 'chai';
import fc from 'fast-check';
import { comparePolicies, type Inspection, inspectLog, type PolicyOutcome } from '../../../wal/index.ts';
import {
  join,
  malachiteEntry,
  malachiteHeader,
  malachiteLog,
  malachiteRepeat,
  malachiteTimeout,
  malachiteValue,
  text,
  uint32,
  zeros,
} from './log-builders.ts';

const inspect = (bytes: Uint8Array): Inspection => inspectLog('x.wal', bytes, 'malachite');
const malachite = (bytes: Uint8Array): PolicyOutcome =>
  comparePolicies('malachite', 'x.wal', bytes).find(({ policy }) => policy === 'malachite') as PolicyOutcome;
const votes = malachiteLog(malachiteTimeout(1), malachiteTimeout(2));
const steps: readonly Uint8Array[] = [1, 2, 3, 1, 2].map((kind, round) => malachiteTimeout(kind, round));

/** Payloads that look like headers, lengths and entries everywhere. */
const contents: Readonly<Record<string, Uint8Array>> = {
  zeros: zeros(6000),
  ones: zeros(6000).fill(255),
  'the number one': zeros(6000).fill(1),
  'small numbers': join(...Array.from({ length: 700 }, (_none, index) => [...uint32(0), ...uint32((index * 7) % 400)])),
  'smaller numbers': join(...Array.from({ length: 1400 }, (_none, index) => uint32(index % 40))),
  text: text('LZ and zeros, '.repeat(400)),
  // Ones have the checksum of all ones: 0, 4, -1 look like an entry.
  'zeros, fours and minus ones': join(
    ...Array.from({ length: 250 }, () => [...zeros(8), ...uint32(0), ...uint32(4), ...zeros(8).fill(255)]),
  ),
};

describe("Malachite's log with a torn tail", () => {
  it('is torn at any number of zeros up to the end, which says how many they are', function () {
    this.timeout(120_000);
    for (let count = 1; count <= 8192; count += 1) {
      const bytes = join(votes, zeros(count));
      const { entries, verdict } = inspect(bytes);
      expect(verdict).to.deep.equal({ status: 'torn', offset: votes.length, reason: `${count} zeros up to the end` });
      expect(entries).to.have.length(2);
    }
  });

  for (const [name, content] of Object.entries(contents))
    it(`is torn wherever a value of ${name} is cut`, () => {
      const whole = join(votes, malachiteEntry(malachiteValue(content)));
      const cuts = Array.from({ length: 120 }, (_none, index) => Math.floor((index * content.length) / 120) + 1);
      for (const cut of [...Array(40).keys()].map((byte) => byte + 1).concat(cuts)) {
        const { verdict } = inspect(whole.subarray(0, votes.length + cut));
        expect([verdict.status, verdict.offset], `${cut} bytes`).to.deep.equal(['torn', votes.length]);
      }
    });

  it('is torn at once for a value of four megabytes that is full of possible lengths', () => {
    const numbers = join(...Array.from({ length: 500 }, (_none, index) => [...uint32(0), ...uint32(index * 8000)]));
    const content = zeros(4_000_000);
    for (let at = 0; at < content.length; at += numbers.length) content.set(numbers, at);
    const header = malachiteEntry(malachiteValue(zeros(8))).subarray(0, 1);
    const torn = join(votes, header, uint32(0), uint32(5_000_000), [1, 2, 3, 4], content);
    expect(inspect(torn).verdict).to.include({ status: 'torn', offset: votes.length });
  });

  it('is corrupt where whole entries follow an entry that seems to be torn, raw or compressed', () => {
    for (const next of [malachiteEntry(malachiteTimeout(3)), malachiteRepeat(text('a value, and again'), 400)]) {
      const torn = malachiteEntry(malachiteValue(zeros(500)));
      // 65,536 bytes more.
      torn[6] = 1;
      const hit = join(votes, torn, next);
      expect(inspect(hit).verdict.status).to.equal('corrupt');
      expect(inspect(hit).verdict.reason).to.contain(`a whole entry follows at byte ${votes.length + torn.length}`);
    }
  });
});

describe("the header of Malachite's log", () => {
  it('is torn where the bytes can still become one, and foreign where they cannot', () => {
    const header = malachiteHeader(0x0102_0304);
    for (let length = 1; length < header.length; length += 1)
      expect(inspect(header.subarray(0, length)).verdict.status, `${length} bytes`).to.equal('torn');
    expect(inspect(header).verdict.status).to.equal('clean');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const isPrefix = [0, 0, 0, 1].every((byte, index) => index >= bytes.length || bytes[index] === byte);
        expect(inspect(bytes).verdict.status === 'foreign').to.equal(!isPrefix);
      }),
      {
        numRuns: 2000,
        seed: 2,
        examples: [...[text('ab'), text('text'), Uint8Array.of(0, 0, 1), zeros(4), zeros(30)].map((one): [Uint8Array] => [one])],
      },
    );
  });

  it('of another version is foreign, whole or cut', () => {
    for (const version of [0, 2, 3, 256, 0x0100_0000, 0xffff_ffff])
      for (let length = 4; length <= 12; length += 1) {
        const bytes = malachiteHeader(5, version).subarray(0, length);
        expect(inspect(bytes).verdict.reason).to.match(new RegExp(`^its version is ${version}, not 1`));
        expect(inspect(bytes).verdict.status).to.equal('foreign');
        expect(malachite(bytes)).to.include({ keptBytes: length, goesOn: false });
        expect(malachite(bytes).words).to.match(/^refuses to open it: its version is/);
      }
  });

  it('that is cut is refused by the engine itself, which cuts nothing', () => {
    for (let length = 1; length < 12; length += 1) {
      const outcome = malachite(malachiteHeader().subarray(0, length));
      expect(outcome).to.include({ keptBytes: length, keptEntries: 0, goesOn: false });
      expect(outcome.words).to.match(/^refuses to open it: its (version|sequence number) is cut/);
    }
    expect(malachite(zeros(0))).to.include({ goesOn: true, words: 'no bytes: a new header is written' });
  });
});

describe("Malachite's log that was hit", () => {
  it('is never called torn while a whole entry follows, whichever bit flipped', () => {
    const log = malachiteLog(...steps);
    const last = log.length - malachiteEntry(steps[4] as Uint8Array).length;
    for (let offset = 0; offset < last; offset += 1)
      for (let bit = 0; bit < 8; bit += 1) {
        const hit = log.slice();
        hit[offset] = (hit[offset] as number) ^ (1 << bit);
        // Nothing covers the sequence number.
        const expected = offset < 4 ? 'foreign' : offset < 12 ? 'clean' : 'corrupt';
        expect(inspect(hit).verdict.status, `byte ${offset}, bit ${bit}`).to.equal(expected);
      }
  });

  it('is answered soon where each offset of a torn entry unpacks for long, and never called less than corrupt', function () {
    this.timeout(10_000);
    const unit = 64;
    const content = zeros(2_000_000);
    for (let at = 0; at + unit <= content.length; at += unit) {
      // Flag, length and checksum of an entry; a size whose upper half is an offset of 16; a token of 60 literals over the next header.
      content.set([1, ...uint32(0), ...uint32(content.length - at - 13), 9, 9, 9, 9, 0, 0, 16, 0, 0xf0, 45], at);
    }
    const torn = join(votes, [0], uint32(0), uint32(5_000_000), [1, 2, 3, 4], content);
    expect(inspect(torn).verdict).to.include({ status: 'corrupt', offset: votes.length });
  });

  it('is answered without an error, whatever happened to it', () => {
    const entries = [...steps.map((step) => malachiteEntry(step)), malachiteRepeat(text('abcdefghijklmnop'), 900)];
    const log = join(malachiteHeader(), ...entries);
    const change = fc.record({ at: fc.nat(log.length), remove: fc.nat(30), insert: fc.uint8Array({ maxLength: 30 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(600), (changes, tail) => {
        let bytes = log;
        for (const { at, remove, insert } of changes) bytes = join(bytes.slice(0, at), insert, bytes.slice(at + remove));
        const changed = join(bytes, zeros(tail));
        const { verdict, entries: read } = inspect(changed);
        expect((read.at(-1)?.offset ?? 0) <= (verdict.offset ?? changed.length)).to.equal(true);
        for (const { keptBytes } of comparePolicies('malachite', 'x.wal', changed))
          expect(keptBytes).to.be.within(0, changed.length);
      }),
      { numRuns: 3000, seed: 3 },
    );
  });
});

describe("a compressed entry of Malachite's log", () => {
  const payload = text('abcd'.repeat(600));
  /** `announced`: the size before the block. */
  const stored = (announced: number, block: readonly number[]): Uint8Array =>
    malachiteEntry(payload, Uint8Array.from([...uint32(announced).reverse(), ...block]));
  const repeat = [0x4f, ...text('abcd'), 4, 0, ...zeros(9).fill(255), 2400 - 8 - 4 - 15 - 9 * 255];

  it('may announce more than comes out of it, as its own unpacking has it, and not less', () => {
    const block = [...repeat, 0x40, ...text('abcd')];
    for (const [announced, status] of [
      [2400, 'clean'],
      [90_000, 'clean'],
      [0xffff_ffff, 'clean'],
      [2399, 'corrupt'],
      [0, 'corrupt'],
    ] as const)
      expect(inspect(join(votes, stored(announced, block))).verdict.status, `${announced}`).to.equal(status);
  });

  it('ends with literals', () => {
    const { verdict } = inspect(join(votes, stored(2400, [...repeat.slice(0, -1), (repeat.at(-1) as number) + 4])));
    expect(verdict).to.include({ status: 'corrupt', offset: votes.length });
    expect(verdict.reason).to.equal('it cannot be unpacked: the compressed bytes end too early');
  });
});

describe('what Malachite makes of a log', () => {
  it('takes every round below 0 for none', () => {
    const log = malachiteLog(join([2, 1], uint32(0xffff_ffff), uint32(0xffff_fffe)));
    expect(inspect(log).entries[0]?.decoded).to.deep.equal({ round: -1, timeout: 'propose' });
    expect(malachite(log)).to.include({ goesOn: true, words: 'all of it is read' });
  });

  it('stops at zeros that pass for empty entries, after it cut what is left of them', function () {
    this.timeout(120_000);
    for (let count = 1; count <= 8192; count += count < 200 ? 1 : 97) {
      const outcome = malachite(join(votes, zeros(count)));
      const empty = Math.floor(count / 13);
      expect(outcome).to.include({ keptBytes: votes.length + 13 * empty, keptEntries: 2 + empty, goesOn: empty === 0 });
      expect(outcome.words.includes(`stops at the entry at byte ${votes.length}, which it cannot decode`)).to.equal(empty > 0);
      expect(outcome.words.includes(`cut at byte ${votes.length + 13 * empty} when it is opened`)).to.equal(count % 13 > 0);
    }
  });

  it('stops at an entry that its own framing refuses, and keeps it', () => {
    const refused = [
      text('c and more'),
      Uint8Array.of(3, 0, 0),
      malachiteTimeout(4),
      malachiteTimeout(8),
      malachiteTimeout(0),
      malachiteTimeout(1, 2 ** 32),
      malachiteTimeout(1).subarray(0, 9),
      malachiteValue(zeros(20)).subarray(0, 25),
      Uint8Array.of(1, 0, 0),
      zeros(0),
    ];
    for (const payload of refused) {
      const log = malachiteLog(malachiteTimeout(1), payload, malachiteTimeout(2));
      const outcome = malachite(log);
      expect(outcome).to.include({ keptBytes: log.length, keptEntries: 3, lostEntries: 0, goesOn: false });
      expect(outcome.words).to.equal('stops at the entry at byte 35, which it cannot decode');
      expect(inspect(log).verdict.status).to.equal('clean');
      // Our own policy: what is not understood is damage.
      expect(comparePolicies('malachite', 'x.wal', log)[0]).to.include({ policy: 'lazurite', goesOn: false });
    }
  });

  it('depends on its application for bytes that only the application knows', () => {
    const log = malachiteLog(malachiteTimeout(1), malachiteValue(text('of another application')));
    expect(malachite(log)).to.include({ keptBytes: log.length, goesOn: true });
    expect(malachite(log).words).to.equal(
      'all of it is read; halts if its application cannot decode the entry at byte 35 either',
    );
  });

  it('says what a build without compression does', () => {
    const log = join(votes, malachiteRepeat(text('a compressed value'), 300));
    expect(malachite(log).words).to.contain(`a build without compression cuts at byte ${votes.length}, and halts`);
    expect(inspect(log).verdict.status).to.equal('clean');
  });

  it('cuts at a failed checksum, and gives up the whole entries after it', () => {
    const log = malachiteLog(...steps);
    const hit = log.slice();
    hit[35 + 13] = 77;
    expect(malachite(hit)).to.include({ keptBytes: 35, keptEntries: 1, lostEntries: 3, goesOn: false });
  });
});
