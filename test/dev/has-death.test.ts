/** Which scenarios the nightly run of the peers takes up. */
import { expect } from 'chai';
import { hasDeath } from '../../dev/tools/has-death.ts';
import { event, scenario } from '../../scenarios/index.ts';

const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });

describe('a scenario has a death', () => {
  it('where a script kills its node, and not where a node is late or never there', () => {
    expect(hasDeath(four.node('A', (a) => a.kill().restart()).data)).to.equal(true);
    expect(hasDeath(four.node('A', (a) => a.crash().stayDown()).data)).to.equal(true);
    expect(hasDeath(four.node('A', (a) => a.neverStarts()).data)).to.equal(false);
    expect(hasDeath(four.node('A', (a) => a.startsLate({ after: '1s' })).data)).to.equal(false);
  });

  it('where a fault stops a node, for good or until it comes back, and not where it hurts links or time alone', () => {
    const at = { time: '1s' } as const;
    expect(hasDeath(four.fault(at, { type: 'kill', nodes: ['A'] }).data)).to.equal(true);
    expect(hasDeath(four.power(['A', 'B'], event('decided')).data)).to.equal(true);
    const fails = { type: 'fsync-fails', node: 'A', fileSystem: 'ext4', file: 'wal', restartMs: 100 } as const;
    expect(hasDeath(four.fault(at, fails).data)).to.equal(true);
    expect(hasDeath(four.partition([['A'], ['B']]).data)).to.equal(false);
    expect(hasDeath(four.pause('A', at, { for: '1s' }).data)).to.equal(false);
  });
});
