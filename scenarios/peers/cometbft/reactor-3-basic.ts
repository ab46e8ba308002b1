import { agreement, decides, scenario } from 'lazurite';

export default scenario('cometbft reactor: TestReactorBasic', { A: 1, B: 1, C: 1, D: 1 })
  .describe('Four validators decide.')
  .expect(agreement(), decides(1, { within: '40s', nodes: ['A', 'B', 'C', 'D'] }));
