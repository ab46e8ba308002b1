import { expect } from 'chai';
import fc from 'fast-check';
import type { Block } from '../../../actors/node/block.ts';
import { blocksFrom, type NewestBlocks, newestBlock, withBlock } from '../../../actors/node/newest-blocks.ts';

const block = (height: number): Block => ({ height, decision: Uint8Array.of(height), digest: height, appState: height });

function grown(count: number, keepBlocks: number): NewestBlocks {
  return Array.from({ length: count }, (_, index) => block(index + 1)).reduce<NewestBlocks>(
    (blocks, next) => withBlock(blocks, next, keepBlocks),
    [],
  );
}

describe('the newest blocks', () => {
  it('serve what a list of all would, as long as it is kept, and keep less than two pages more', () => {
    const whole = fc.nat({ max: 200 });
    fc.assert(
      fc.property(
        whole,
        fc.nat({ max: 100 }),
        fc.nat({ max: 220 }),
        fc.integer({ min: 1, max: 40 }),
        (all, keep, from, count) => {
          const blocks = grown(all, keep);
          const kept = blocks.flat().map(({ height }) => height);
          expect(kept).to.have.length.within(Math.min(all, keep), keep + 63);
          expect(kept).to.deep.equal(kept.map((_, index) => all - kept.length + 1 + index));
          expect(newestBlock(blocks)?.height).to.equal(all === 0 ? undefined : all);
          const served = blocksFrom(blocks, from, count).map(({ height }) => height);
          const expected = kept.includes(from) ? kept.filter((height) => height >= from && height < from + count) : [];
          expect(served).to.deep.equal(expected);
        },
      ),
    );
  });
  it('leave the value before a change as it was', () => {
    const before = grown(32, 100);
    const after = withBlock(before, block(33), 100);
    expect(before.flat()).to.have.length(32);
    expect(after.flat()).to.have.length(33);
  });
});
