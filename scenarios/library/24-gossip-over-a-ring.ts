import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('gossip over a ring', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
  .describe(
    'Seven nodes in a ring pass on what they hear. D dies in the middle of a height: the ring is a line until it is back.',
  )
  .topology('ring')
  .node('D', (d) =>
    d
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }), { as: 'the vote' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '500ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s' }));
