import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite liveness: polka_certificate_for_hidden_lock', { A: 1, B: 1, C: 1 })
  .describe(
    'At height 1 the prevotes of round 0 reach A alone, which locks; its precommit reaches nobody. All three are needed, so the others must learn of the polka to vote for the locked value.',
  )
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'C')
  .fault({ time: 0 }, { type: 'rule', to: ['B', 'C'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['A'], where: { type: 'precommit', height: 1, round: 0 }, fate: 'lost' })
  .node('A', (a) =>
    a
      .waitUntil(event('locked', { height: 1 }), { as: 'the lock' })
      .expect(event('publish', { type: 'polkaCertificate', height: 1, round: 0 }), { within: '20s' })
      .expect(event('decided', { height: 1 }), { sameAs: 'the lock', within: '60s' }),
  )
  .expect(agreement(), decides(3, { within: '120s' }));
