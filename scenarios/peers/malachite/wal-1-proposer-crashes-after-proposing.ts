import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite wal: proposer_crashes_after_proposing', { A: 10, B: 10, C: 40 })
  .describe(
    'C proposes at height 3 and its process dies at once. It comes back after 5 s, replays height 3 and proposes the same value. No value sync.',
  )
  .sync('off')
  .proposer(3, 0, 'C')
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 3 }))
      .waitUntil(event('proposal.local', { height: 3 }), { as: 'first' })
      .kill()
      .restart({ after: '5s' })
      .expect(event('replay.begin', { height: 3 }), { within: '1s' })
      .expect(event('publish', { type: 'proposal', height: 3 }), { sameAs: 'first', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(5, { within: '60s' }));
