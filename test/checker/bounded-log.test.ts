/** `bounded-log` separates what liars and faster peers add to a log from what a node logs needlessly. */
import { expect } from 'chai';
import { type Run, runScenario, scenario } from '../../scenarios/index.ts';

const verdict = ({ properties }: Run): string | undefined => properties.find(({ name }) => name === 'bounded-log')?.verdict;

/** The clock of A is slow: it is in round 0 still when the others are in round 1, where E contradicts itself again. */
const slow = scenario('a slow clock among liars', { A: 34, B: 3, C: 3, D: 1, E: 1, F: 3, G: 3, H: 3 })
  .seed(673)
  .network({ delay: [1, 11] })
  .topology({ degree: 3 })
  .proposer(1, 0, 'C')
  .proposer(1, 1, 'E')
  .byzantine('E', 'two-votes')
  .byzantine('E', 'two-proposals')
  .fault({ node: 'A', site: 'segment.create', phase: 'torn', nth: 1 }, { type: 'crash', nodes: ['A'], restartMs: 100 })
  .fault({ time: '0s' }, { type: 'drift', node: 'A', perMille: 294 })
  .until({ time: '800ms' });

describe('bounded-log', () => {
  it('holds for a node whose peers are a round ahead, and for evidence', () => {
    const run = runScenario(slow.data);
    expect(run.heights).to.be.greaterThan(0);
    expect(verdict(run)).to.equal('held');
  });

  it('is violated by a node that logs what it has heard already, among liars too', () => {
    const votes = scenario('repeated votes', { A: 1, B: 1, C: 1, D: 1 })
      .byzantine('D', 'both-votes')
      .timeouts({ rebroadcast: '5ms' })
      .network({ delay: 60 })
      .until({ time: '2s' });
    expect(verdict(runScenario(votes.data))).to.equal('held');
    expect(verdict(runScenario(votes.data, { exhibit: 'duplicates-logged' }))).to.equal('violated');
  });
});
