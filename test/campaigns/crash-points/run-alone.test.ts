/** What a run violates by itself is no fault of a death, also when it shows only while the victim is down. */
import { expect } from 'chai';
import { crashpoints } from '../../../campaigns/index.ts';
import { event, scenario } from '../../../scenarios/index.ts';

/** B and a copy of it vote with one key at height 3. The second vote comes after a timeout, when the first heights are long decided. */
const oneKeyTwice = scenario('one key twice', { A: 1, B: 1, C: 1, D: 1 })
  .standby('B2', { key: 'B' })
  .node('B', (b) => b.waitUntil(event('height.start', { height: 3 })).isolate({ for: '2s' }))
  .node('B2', (b2) => b2.startsLate({ at: event('height.start', { height: 3 }), node: 'B', diskOf: 'B' }));

const atA = { nodes: ['A'], heights: '1', sites: ['publish'] } as const;

describe('what a run violates without any death', () => {
  it('is not counted for a death that only makes the run longer', () => {
    const report = crashpoints(oneKeyTwice, atA);
    expect(report.withoutDeath.map(({ property }) => property)).to.deep.equal(['no-equivocation']);
    expect(report.cells.length).to.be.greaterThan(0);
    expect(report.violated).to.equal(0);
  });

  it('is reported once where workers share the crash points', () => {
    const parts = [1, 2, 3].map((place) => crashpoints(oneKeyTwice, { ...atA, part: { victim: 'A', from: place, to: place } }));
    for (const { violated, withoutDeath } of parts) expect([violated, withoutDeath.length]).to.deep.equal([0, 1]);
  });

  it('leaves what a death adds', () => {
    const report = crashpoints(oneKeyTwice, { ...atA, sites: ['publish', 'wal.flush'], exhibit: 'no-fsync' });
    const added = new Set(report.cells.flatMap(({ failures }) => failures.map(({ property }) => property)));
    expect(report.violated).to.be.greaterThan(0);
    expect([...added])
      .to.include('crash-is-pause')
      .and.not.include('no-equivocation');
  });

  it('is asked for only when a death seems to violate something', () => {
    const honest = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
    expect(crashpoints(honest, atA).withoutDeath).to.deep.equal([]);
  });
});
