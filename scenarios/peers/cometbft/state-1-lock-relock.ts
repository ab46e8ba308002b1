import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockPOLRelock', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A and B lock in round 0, nobody else sees their precommits; in a later round the locked value comes again and they keep it.',
  )
  .proposer(2, 0, 'A')
  .proposer(2, 1, 'B')
  .fault({ time: 0 }, { type: 'rule', to: ['C', 'D'], where: { type: 'prevote', height: 2, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['A', 'B'], where: { type: 'precommit', height: 2, round: 0 }, fate: 'lost' })
  .node('B', (b) =>
    b
      .waitUntil(event('locked', { height: 2 }), { as: 'the lock' })
      .expect(event('decided', { height: 2 }), { sameAs: 'the lock', within: '10s' }),
  )
  .expect(agreement(), decides(5, { within: '60s' }));
