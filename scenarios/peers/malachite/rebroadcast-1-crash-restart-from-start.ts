import { agreement, decidesNothing, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite vote_rebroadcast: crash_restart_from_start', { A: 1, B: 1, C: 1 })
  .describe(
    'All three are needed. C loses its whole disk at height 4 and follows without voting when it is back, so nobody decides any more; A goes on saying its vote.',
  )
  .wal({ onCorrupt: 'abstain' })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 4 }))
      .kill()
      .wipe()
      .restart({ after: '5s' }),
  )
  .node('A', (a) =>
    a
      .waitUntil(event('publish', { type: 'prevote', height: 4 }), { as: 'vote' })
      .expect(event('publish', { type: 'prevote', height: 4 }), { sameAs: 'vote', within: '2s' })
      .expect(event('publish', { type: 'prevote', height: 4 }), { sameAs: 'vote', within: '2s' }),
  )
  .mustReach('wal.abstains')
  .expect(agreement(), noEquivocation(), decidesNothing({ from: '1s', until: '20s', nodes: ['A', 'B'] }))
  .until({ time: '20s' });
