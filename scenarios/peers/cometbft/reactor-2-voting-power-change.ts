import { agreement, decides, scenario } from 'lazurite';

export default scenario('cometbft reactor: TestReactorVotingPowerChange', { A: 10, B: 10, C: 10, D: 10 })
  .validators(3, { A: 25, B: 10, C: 10, D: 10 })
  .validators(6, { A: 2, B: 10, C: 10, D: 10 })
  .validators(9, { A: 26, B: 10, C: 10, D: 10 })
  .expect(agreement(), decides(12, { within: '60s' }));
