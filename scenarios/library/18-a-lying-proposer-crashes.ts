import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying proposer crashes', { A: 1, B: 1, C: 1, D: 1 })
  .describe('D proposes one value to one half and another to the other half, and dies at once. Nobody decides differently.')
  .byzantine('D', 'two-proposals')
  .proposer(3, 0, 'D')
  .fault({ ...event('proposal.local', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], image: 'all', restartMs: 2000 })
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s', nodes: ['A', 'B', 'C'] }));
