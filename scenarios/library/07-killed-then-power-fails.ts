import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('killed, then power fails', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B is killed with its vote in the page cache only, reads it back, sends it, and then power fails: the vote must survive.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }), { as: 'the vote' })
      .kill({ before: 'wal.flush' })
      .restart({ after: '300ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { within: '1s', sameAs: 'the vote' })
      .crash()
      .restart({ after: '300ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { within: '1s', sameAs: 'the vote' }),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s' }));
