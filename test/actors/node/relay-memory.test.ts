/** A node that passes messages on forgets what it has passed, also if statuses are rare: what was lost is passed on when it is said again. */
import { expect } from 'chai';
import { runScenario, scenario } from '../../../scenarios/index.ts';

describe('the memory of a relay', () => {
  it('lets a vote that was lost cross a ring later, without statuses', () => {
    const { data } = scenario('a ring that was cut', { A: 17, C: 2, D: 6, G: 6, H: 4, I: 6 })
      .seed(0)
      .topology('ring')
      .timeouts({ status: '600s' })
      .timeouts({ status: '100ms' }, { from: 2 })
      .fault({ time: '0s' }, { type: 'partition', groups: [['C'], ['D']], oneWay: false, forMs: 20 })
      .fault({ time: '0s' }, { type: 'partition', groups: [['H'], ['I']], oneWay: false, forMs: 20 })
      .safetyPhase('20ms');
    const run = runScenario(data);
    expect(run.complaints).to.deep.equal([]);
    expect(run.heights).to.be.greaterThan(0);
  });
});
