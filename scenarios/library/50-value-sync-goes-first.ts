import { agreement, decides, event, exactly, never, noEquivocation, scenario } from 'lazurite';

export default scenario('value sync goes first', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A node that comes back waits for value sync before it replays its log. B is away while the others decide the height at which it died: their decision comes first, and the log of that height is not replayed. C and D die together, so that nobody can decide: nothing comes, the wait ends, and each replays its log and votes as before.',
  )
  .wal({ replayDelay: '1s' })
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }))
      .crash({ after: 'publish' })
      .restart({ after: '500ms' })
      .expect(event('replay.delayed', { height: 3 }), { within: '50ms' })
      .expect(event('replay.skipped', { height: 3 }), { within: '500ms' })
      .waitUntil(event('height.start', { height: 20 })),
  )
  .node('C', (c) =>
    c
      .waitUntil(event('vote.cast', { type: 'prevote', height: exactly(60) }), { as: 'the vote' })
      .crash({ after: 'publish' })
      .restart({ after: '500ms' })
      .expect(event('replay.delayed', { height: 60 }), { within: '50ms' })
      .never(event('publish'), { for: '900ms' })
      .expect(event('replay.begin', { height: 60 }), { within: '200ms' })
      .expect(event('publish', { type: 'prevote', height: 60 }), { sameAs: 'the vote', within: '50ms' }),
  )
  .node('D', (d) =>
    d
      .waitUntil(event('height.start', { height: exactly(60) }))
      .kill()
      .restart({ after: '500ms' })
      .waitUntil(event('height.start', { height: 70 })),
  )
  .mustReach('wal.replay-skipped')
  .expect(agreement(), noEquivocation(), decides(70, { within: '60s' }), never(event('replay.begin'), { nodes: ['B'] }));
