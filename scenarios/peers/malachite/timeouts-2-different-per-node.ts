import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite timeout_updates: different_timeouts_per_node', { A: 1, B: 1, C: 1 })
  .timeouts({ propose: '50ms', prevote: '20ms', precommit: '20ms' }, { nodes: ['A'], from: 2 })
  .timeouts({ propose: '2s', prevote: '1s', precommit: '1s' }, { nodes: ['C'], from: 3 })
  .expect(agreement(), decides(5, { within: '90s' }));
