import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite finalization: test_finalize_with_params', { A: 1, B: 1, C: 1 })
  .describe('The half of it that is about decisions: heights are decided, and each certificate holds a quorum.')
  .expect(agreement(), decides(5, { within: '10s' }));
