import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestSetValidBlockOnDelayedProposal', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A hears a polka for a value that it does not know, and precommits nil. Then the proposal comes: A is not locked, and proposes this value in the next round.',
  )
  .timeouts({ precommit: '600ms' })
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'A')
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'proposal', height: 1, round: 0 }, fate: { afterMs: 700 } })
  .fault({ time: 0 }, { type: 'rule', from: ['D'], to: ['B'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['B'], to: ['C'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['C'], to: ['D'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .node('B', (b) => b.expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the value' }))
  .node('A', (a) =>
    a
      .expect(event('timeout', { height: 1, round: 0, step: 'propose' }), { within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0, value: null }), { within: '100ms' })
      .expect(event('timeout', { height: 1, round: 0, step: 'prevote' }), { within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }), { within: '100ms' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { sameAs: 'the value', within: '2s' })
      .expect(event('decided', { height: 1, round: 1 }), { sameAs: 'the value', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), never(event('locked', { height: 1, round: 0 })), decides(3, { within: '60s' }));
