import { expect } from 'chai';
import fc from 'fast-check';
import { RangeChecksum } from '../../../wal/inspection/range-checksum.ts';
import { crc32cOf, crc32Of } from './log-builders.ts';

describe('checksums of ranges', () => {
  const bytes = new Uint8Array(70_000).map((_zero, index) => (index % 7 === 0 ? 0 : (index * 2_654_435_761) >>> 13));

  for (const [kind, slow] of [
    ['crc32', crc32Of],
    ['crc32c', crc32cOf],
  ] as const)
    it(`are those of the same bytes read one by one (${kind})`, () => {
      const ranges = new RangeChecksum(bytes, kind);
      fc.assert(
        fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (one, other) => {
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          expect(ranges.of(from, to)).to.equal(slow(bytes.subarray(from, to)));
        }),
        {
          numRuns: 300,
          seed: 1,
          examples: [
            [0, 0],
            [0, bytes.length],
            [bytes.length, bytes.length],
            [64, 320],
            [63, 65_600],
          ],
        },
      );
    });
});
