import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateHalt1', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B does not hear the precommit that decides round 0 of height 2, by which A and D decide. It goes to the next round and votes for its lock; then that precommit comes, and B decides and starts the next height.',
  )
  .sync('off')
  .proposer(2, 0, 'A')
  .proposer(2, 1, 'B')
  .byzantine('C', 'precommit-nil', { heights: 2, rounds: 0 })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['D'], to: ['B'], where: { type: 'precommit', height: 2, round: 0 }, fate: { afterMs: 300 } },
  )
  .node('B', (b) =>
    b
      .waitUntil(event('locked', { height: 2 }), { as: 'the lock' })
      .expect(event('publish', { type: 'precommit', height: 2, round: 0 }), { sameAs: 'the lock' })
      .expect(event('timeout', { height: 2, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('round.start', { height: 2, round: 1 }), { within: '1ms' })
      .expect(event('vote.cast', { type: 'prevote', height: 2, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('decided', { height: 2, round: 0 }), { sameAs: 'the lock', within: '5s' })
      .expect(event('height.start', { height: 3 }), { within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(5, { within: '30s', nodes: ['A', 'B', 'D'] }));
