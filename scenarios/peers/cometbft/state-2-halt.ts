import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateHalt1', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B does not hear the precommit that decides round 0 of height 2; it goes to the next round, hears of the decision there, and starts the next height.',
  )
  .proposer(2, 0, 'A')
  .fault({ time: 0 }, { type: 'rule', to: ['B'], where: { type: 'precommit', height: 2, round: 0 }, fate: { afterMs: 600 } })
  .node('B', (b) =>
    b
      .waitUntil(event('locked', { height: 2 }), { as: 'the lock' })
      .expect(event('decided', { height: 2, round: 0 }), { sameAs: 'the lock', within: '5s' })
      .expect(event('height.start', { height: 3 }), { within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(5, { within: '30s' }));
