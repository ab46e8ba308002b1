import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestFinalizeBlockCalled', { A: 1, B: 1, C: 1, D: 1 })
  .describe('Precommits of nil finalize nothing, and those for a value finalize it.')
  .application('calls-invalid', { nodes: ['B', 'C', 'D'], heights: 1, rounds: 0 })
  .node('B', (b) => b.expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { as: 'the value' }))
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }), { node: 'B' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '1s' })
      .expect(event('decided', { height: 1, round: 1 }), { sameAs: 'the value', within: '1s' })
      .expect(event('height.start', { height: 2 }), { within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), never(event('decided', { height: 1, round: 0 })), decides(2, { within: '60s' }));
