import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a key that moves with its state', { A: 1, B: 1, C: 1 })
  .standby('B2', { key: 'B' })
  .describe(
    'B votes and loses power for good. B2 is another machine: it gets the key of B and its disk, replays the height from that log, and says again what B had said. Without the disk it would vote as if for the first time.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'precommit', height: 3 }), { as: 'the vote' })
      .crash()
      .stayDown(),
  )
  .node('B2', (b2) =>
    b2
      .startsLate({ at: event('crash'), node: 'B', diskOf: 'B' })
      .expect(event('replay.begin', { height: 3 }))
      .expect(event('publish', { type: 'precommit', height: 3 }), { sameAs: 'the vote', within: '1s' })
      .expect(event('decided', { height: 10 }), { within: '5s' }),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '10s', nodes: ['A', 'B2', 'C'] }));
