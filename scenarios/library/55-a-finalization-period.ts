import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a finalization period', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'After a decision each node waits for 200 ms before it ends the height. The precommits of D take 60 ms longer than those of the others: the height is decided without them, and they join the certificate. B loses power within the period of height 4. It comes back decided, waits again, and ends the height with a legal certificate.',
  )
  .finalization('200ms')
  .fault({ time: 0 }, { type: 'rule', from: ['D'], where: { type: 'precommit' }, fate: { afterMs: 60 } })
  .node('B', (b) =>
    b
      .waitUntil(event('decided', { height: 4 }))
      .crash()
      .restart({ after: '50ms' })
      .expect(event('finalized', { height: 4 }), { within: '400ms', as: 'it ends the height' }),
  )
  .mustReach('wal.height-replayed')
  .variants(
    { name: 'late precommits are counted', mustReach: ['tendermint.certificate-grew'] },
    { name: 'late precommits are dropped', break: 'late-precommits-dropped', expect: { fail: ['finalization'] } },
    {
      name: 'reported before it is durable',
      break: 'decision-reported-early',
      expect: { fail: ['finalization'], steps: ['it ends the height'] },
    },
  )
  .expect(agreement(), noEquivocation(), { property: 'finalization' }, decides(7, { within: '60s' }));
