import { agreement, decides, event, never, scenario } from 'lazurite';

export default scenario('cometbft reactor: TestReactorWithTimeoutCommit', { A: 1, B: 1, C: 1, D: 1 })
  .describe('One of four validators is never started. The other three decide, and wait after each commit.')
  .finalization('10ms')
  .node('D', (d) => d.neverStarts())
  .expect(agreement(), never(event('vote.cast'), { nodes: ['D'] }), decides(4, { within: '40s', nodes: ['A', 'B', 'C'] }));
