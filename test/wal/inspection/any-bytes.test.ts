/** Any bytes, read as those of any engine, get an answer soon, and it fits the bytes. */
import { expect } from 'chai';
import fc from 'fast-check';
import { comparePolicies, type Engine, engineOf, inspectLog } from '../../../wal/index.ts';
import { cometLog, join, malachiteLog, malachiteTimeout, malachiteValue, oldLog, text, zeros } from './log-builders.ts';

const engines: readonly (Engine | undefined)[] = [undefined, 'lazurite', 'malachite', 'cometbft'];
const logs = [
  cometLog(2),
  oldLog(2),
  malachiteLog(malachiteTimeout(1), malachiteValue(text('value')), malachiteTimeout(2)),
  zeros(90),
];
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.nat(60).map(zeros),
  fc.tuple(fc.constantFrom(...logs), fc.nat(500), fc.nat(500)).map(([log, from, to]) => log.slice(from, to)),
  fc.constantFrom(...logs),
);

describe('any bytes', () => {
  it('have one verdict, with an offset within them and entries before it', function () {
    this.timeout(120_000);
    const met = new Set<string>();
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.constantFrom(...engines), (pieces, engine) => {
        const bytes = join(...pieces);
        const { entries, verdict, size } = inspectLog('1.1.wal', bytes, engine);
        const end = verdict.offset ?? size;
        expect(size).to.equal(bytes.length);
        expect(end).to.be.within(0, size);
        if (verdict.status !== 'clean' && verdict.status !== 'foreign') expect(verdict.offset).to.be.a('number');
        for (const { offset, bytes: length } of entries) expect(offset + length).to.be.at.most(end);
        const outcomes = comparePolicies(engine, '1.1.wal', bytes);
        expect(outcomes.map(({ policy }) => policy)).to.deep.equal(['lazurite', 'malachite', 'cometbft']);
        for (const { keptBytes } of outcomes) expect(keptBytes).to.be.within(0, size);
        if (verdict.status === 'corrupt' || verdict.status === 'foreign') expect(outcomes[0]?.goesOn).to.equal(false);
        met.add(`${engine ?? engineOf(bytes) ?? 'none'} ${verdict.status}`);
      }),
      { numRuns: 6000, seed: 6 },
    );
    for (const engine of ['malachite', 'cometbft'])
      for (const status of ['clean', 'torn', 'corrupt', 'foreign']) expect([...met]).to.include(`${engine} ${status}`);
  });
});
