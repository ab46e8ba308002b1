import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestCommitFromPreviousRound', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A is in round 1 when it has the precommits of the others for a value of round 0, which it does not know. It decides when the value comes, and starts the next height.',
  )
  .proposer(1, 0, 'B')
  .sync('off')
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'proposal', height: 1, round: 0 }, fate: { afterMs: 800 } })
  .node('B', (b) => b.expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the value' }))
  .node('A', (a) =>
    a
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '1ms' })
      .never(event('decided'), { for: '50ms' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the value', within: '1s' })
      .expect(event('height.start', { height: 2 }), { within: '100ms' }),
  )
  .expect(agreement(), noEquivocation(), never(event('decided', { height: 1, round: 1 })), decides(3, { within: '60s' }));
