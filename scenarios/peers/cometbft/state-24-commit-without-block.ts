import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestEmitNewValidBlockEventOnCommitWithoutBlock', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A hears the precommits of the others for a value that it does not have. It decides when the value comes, and not before.',
  )
  .proposer(1, 0, 'B')
  .sync('off')
  .timeouts({ propose: '1s' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'proposal', height: 1, round: 0 }, fate: { afterMs: 600 } })
  .node('B', (b) => b.expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the value' }))
  .node('A', (a) =>
    a
      .waitUntil(event('decided', { height: 1, round: 0 }), { node: 'B' })
      .never(event('decided'), { for: '400ms' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the value', within: '300ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(3, { within: '60s' }));
