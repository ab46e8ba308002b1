import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite n3f0_consensus_mode: proposal_only', { A: 1, B: 1, C: 1 })
  .describe('The value travels in the proposal.')
  .app({ valueBytes: 4096 })
  .expect(agreement(), decides(5, { within: '30s' }));
