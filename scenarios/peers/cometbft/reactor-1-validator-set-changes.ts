import { agreement, decides, scenario } from 'lazurite';

export default scenario('cometbft reactor: TestReactorValidatorSetChanges', { A: 1, B: 1, C: 1, D: 1, E: 0, F: 0, G: 0 })
  .describe('Validators join, change their power, and leave.')
  .validators(3, { A: 1, B: 1, C: 1, D: 1, E: 1 })
  .validators(5, { A: 1, B: 1, C: 1, D: 1, E: 2 })
  .validators(7, { A: 1, B: 1, C: 1, D: 1, E: 2, F: 1, G: 1 })
  .validators(9, { A: 1, B: 1, C: 1, D: 1, E: 2 })
  .expect(agreement(), decides(12, { within: '60s' }));
