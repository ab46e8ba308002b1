/** Raft's liveness: a member that is up is caught up, and drawn fault plans find each broken node by what it does to the others. */
import { expect } from 'chai';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { drawnCase, fuzz } from '../../../campaigns/index.ts';
import { event, runScenario, scenario } from '../../../scenarios/index.ts';

const three = scenario('three', { A: 1, B: 1, C: 1 }).protocol('raft');
/** What breaks the cluster, and not only the comparison of one node with its own past. */
const ofCluster = ['one-vote', 'election-safety', 'log-matching', 'leader-completeness', 'state-machine-safety', 'caught-up'];

describe('the liveness of raft', function () {
  // Up to sixty runs; a busy machine needs its time.
  this.timeout(240_000);

  const wiped = three
    .fault({ ...event('committed', { index: 4 }), node: 'C' }, { type: 'wipe', node: 'C' })
    .until({ time: '3s' });

  it('is violated where a follower came back with an empty disk and is refused for ever', () => {
    const { properties } = wiped.variants({ name: 'anew', break: 'wiped-disk-votes' }).run();
    const { verdict, message = '' } = properties.find(({ name }) => name === 'caught-up') ?? {};
    expect(verdict).to.equal('violated');
    expect(message).to.match(/^C has committed nothing for \d+ ms/);
  });

  it('owes nothing to a member that halts, and holds for the others', () => {
    const run = wiped.run();
    expect(run.properties.find(({ name }) => name === 'caught-up')?.verdict).to.equal('held');
    expect(run.verdict).to.equal('held');
  });

  it('owes nothing without a majority, nor where a vote takes longer than an election timer', () => {
    const alone = three.fault({ time: 50 }, { type: 'kill', nodes: ['A', 'B'] }).until({ time: '5s' });
    const slow = three.network({ delay: '120ms' }).until({ time: '8s' });
    for (const story of [alone, slow])
      expect(story.run().properties.find(({ name }) => name === 'caught-up')?.verdict).to.equal('undecided');
  });

  it('draws wipes, downgrades and rivals for Raft, and the honest node holds', async () => {
    const { data } = await loadScenario('scenarios/library/25-raft-loses-power.ts');
    const { kinds, failures, undecided } = fuzz(data, { runs: 40, seed: 1, shrink: false });
    expect({ failures, undecided }).to.deep.equal({ failures: [], undecided: [] });
    expect(kinds).to.include.keys('wipe', 'downgrade', 'timer', 'message');
  });

  for (const exhibit of [
    'raft-vote-not-persisted',
    'raft-commits-old-term',
    'raft-stale-append-truncates',
    'raft-replies-before-flush',
    'wiped-disk-votes',
  ])
    it(`${exhibit} is red by what it does to the cluster`, async () => {
      const { data } = await loadScenario('scenarios/library/25-raft-loses-power.ts');
      const isRed = (seed: number): boolean =>
        runScenario(drawnCase.fuzz(data, seed), { exhibit }).properties.some(
          ({ name, verdict }) => verdict === 'violated' && ofCluster.includes(name),
        );
      expect(Array.from({ length: 60 }, (_, index) => index + 1).some(isRed)).to.equal(true);
    });
});
