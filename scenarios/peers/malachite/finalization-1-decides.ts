import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite finalization: test_finalize_with_params', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Heights are decided, and are final some time later. The precommits of D come after the decision, so the certificate that ends a height has more signatures than the one that decided it.',
  )
  .finalization('200ms')
  .fault({ time: 0 }, { type: 'rule', from: ['D'], where: { type: 'precommit' }, fate: { afterMs: 80 } })
  .node('B', (b) =>
    b
      .waitUntil(event('decided', { height: 4 }))
      .expect(event('finalized', { height: 4, grew: true, signers: 4 }), { within: '10s' }),
  )
  .node('C', (c) =>
    c
      .waitUntil(event('decided', { height: 4 }))
      .expect(event('finalized', { height: 4, grew: true, signers: 4 }), { within: '10s' }),
  )
  .mustReach('tendermint.certificate-grew')
  .expect(agreement(), { property: 'finalization' }, decides(5, { within: '10s' }));
