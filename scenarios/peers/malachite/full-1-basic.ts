import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite full_nodes: basic_full_node', { A: 10, B: 20, C: 30 })
  .fullNodes('D', 'E')
  .expect(agreement(), decides(5, { within: '30s' }));
