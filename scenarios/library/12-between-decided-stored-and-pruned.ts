import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('between decided, stored and pruned', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B dies after it has decided and before the block is stored, and at another height after it is stored and before the old segment is gone.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('decided', { height: 3 }))
      .crash({ before: 'store.flush' })
      .restart({ after: '500ms' })
      .waitUntil(event('decided', { height: 5 }))
      .crash({ before: 'segment.prune' })
      .restart({ after: '500ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(8, { within: '30s' }));
