import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('all nodes lose power at one instant', { A: 1, B: 1, C: 1, D: 1 })
  .describe('The whole cluster goes dark at height 4 in the middle of voting, and comes back from its logs alone.')
  .power(['A', 'B', 'C', 'D'], event('vote.cast', { type: 'precommit', height: 4 }), { restart: '2s' })
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s' }));
