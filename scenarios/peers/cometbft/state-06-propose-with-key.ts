import { agreement, decides, event, never, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateEnterProposeYesPrivValidator', { A: 1 })
  .describe('A validator alone proposes, and its time to propose never elapses.')
  .node('A', (a) =>
    a
      .waitUntil(event('height.start', { height: 1 }))
      .expect(event('proposal.local', { height: 1, round: 0 }), { within: '100ms', as: 'the proposal' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the proposal', within: '200ms' }),
  )
  .expect(agreement(), never(event('timeout', { step: 'propose' })), decides(20, { within: '10s' }));
