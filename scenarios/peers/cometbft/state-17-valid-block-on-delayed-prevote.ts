import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestSetValidBlockOnDelayedPrevote', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'The third prevote for the value of A comes when everybody has precommitted nil. A is not locked, and still takes the value for the one to propose in the next round.',
  )
  .timeouts({ precommit: '400ms' })
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'A')
  .application('calls-invalid', { nodes: ['C'], heights: 1, rounds: 0 })
  .fault({ time: 0 }, { type: 'rule', from: ['D'], where: { type: 'prevote', height: 1, round: 0 }, fate: { afterMs: 300 } })
  .fault({ time: 0 }, { type: 'rule', from: ['B'], to: ['D'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the value' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('timeout', { height: 1, round: 0, step: 'prevote' }), { within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }), { within: '100ms' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { sameAs: 'the value', within: '1s' })
      .expect(event('decided', { height: 1, round: 1 }), { sameAs: 'the value', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), never(event('locked', { height: 1, round: 0 })), decides(3, { within: '60s' }));
