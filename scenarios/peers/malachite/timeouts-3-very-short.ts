import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite timeout_updates: very_short_timeouts', { A: 1, B: 1, C: 1 })
  .describe('No message arrives within the first timeouts: rounds pass until they have grown.')
  .timeouts({ propose: '5ms', prevote: '5ms', precommit: '5ms', growth: '5ms' })
  .mustReach('tendermint.later-round')
  .expect(agreement(), decides(5, { within: '30s' }));
