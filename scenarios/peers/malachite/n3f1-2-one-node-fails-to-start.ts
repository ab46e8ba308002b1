import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite n3f1: one_node_fails_to_start', { A: 5, B: 5, C: 1 })
  .node('C', (c) => c.neverStarts())
  .expect(agreement(), decides(5, { within: '30s', nodes: ['A', 'B'] }));
