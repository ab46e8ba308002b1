import { expect, use } from 'chai';
import { event, height, scenario, type Variant } from '../../scenarios/index.ts';
import { lazuriteChai } from '../../testing/chai.ts';

use(lazuriteChai);

const four = () => scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });
const crashed = (exhibit?: Variant['break']) =>
  four()
    .node('B', (b) =>
      b
        .waitUntil(event('vote.cast', { type: 'precommit', height: 2 }))
        .crash({ after: 'publish' })
        .restart({ after: '2s' }),
    )
    .variants({ name: 'x', ...(exhibit === undefined ? {} : { break: exhibit }) })
    .run();

describe('the chai plugin', () => {
  it('shows that a node restores its votes and does not vote twice', () => {
    const run = crashed();
    expect(run).to.agree();
    expect(run).to.not.equivocate();
    expect(run.node('B')).to.replay({ height: 2 }).restoring('votes', 'proposals', 'lock');
    expect(run).to.decide(5, { within: 60_000 });
  });

  it('fails with the reason when replay lost what was acknowledged', () => {
    const run = crashed('no-fsync');
    expect(() => expect(run.node('B')).to.replay({ height: 2 })).to.throw('expected B to replay height 2, but it did not');
    expect(run.properties.find(({ name }) => name === 'write-ahead')?.verdict).to.equal('violated');
  });

  it('says so where it is given no run', () => {
    expect(() => expect(42).to.agree()).to.throw('expected a run of a scenario (what its `run()` gives), and found 42');
  });

  it('does not let a negated assertion hold for a run that never met the situation', () => {
    const alone = scenario('nobody has a quorum', { A: 1, B: 1 })
      .node('A', (a) => a.crash().stayDown())
      .node('B', (b) => b.crash().stayDown());
    const run = alone.until({ time: '1s' }).run();
    expect(() => expect(run).to.not.equivocate()).to.throw('nobody voted');
    expect(() => expect(run).to.agree()).to.throw('nobody decided');
  });

  it('names who did not decide in time', () => {
    const run = four()
      .node('B', (b) => b.waitUntil(height(2)).isolate())
      .until({ time: '2s' })
      .run();
    expect(() => expect(run).to.decide(10, { within: 2000 })).to.throw('but B did not');
  });
});
