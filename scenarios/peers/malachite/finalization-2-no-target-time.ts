import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite finalization: test_finalize_with_params, no_target_time', { A: 1, B: 1, C: 1 })
  .describe('Without a target time a height is final when it is decided, and each certificate holds a quorum.')
  .expect(agreement(), decides(5, { within: '10s' }));
