import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite n3f1: proposer_fails_to_start', { A: 1, B: 5, C: 5 })
  .proposer(1, 0, 'A')
  .node('A', (a) => a.neverStarts())
  .mustReach('tendermint.timeout-propose')
  .expect(agreement(), decides(5, { within: '30s', nodes: ['B', 'C'] }));
