import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a synced certificate lost in a crash', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B sleeps, catches up by value sync, and loses power when a commit certificate it received is framed and not yet durable; it asks for it again.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('height.start', { height: 2 }))
      .crash()
      .restart({ after: '1s' })
      .waitUntil(event('decided', { height: 3 }))
      .crash({ before: 'wal.flush' })
      .restart({ after: '300ms' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '300ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
