import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite wal: non_proposer_crashes_after_voting', { A: 40, B: 10, C: 10 })
  .describe(
    'A hears a proposal at height 2 and votes; its process dies. It comes back after 5 s, replays, votes the same and goes on for two heights.',
  )
  .proposer(2, 0, 'B')
  .node('A', (a) =>
    a
      .waitUntil(event('height.start', { height: 2 }))
      .waitUntil(event('publish', { type: 'prevote', height: 2 }), { as: 'vote' })
      .kill()
      .restart({ after: '5s' })
      .expect(event('replay.begin', { height: 2 }), { within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 2 }), { sameAs: 'vote', within: '1s' })
      .waitUntil(event('height.start', { height: 4 })),
  )
  .expect(agreement(), noEquivocation(), decides(4, { within: '60s' }));
