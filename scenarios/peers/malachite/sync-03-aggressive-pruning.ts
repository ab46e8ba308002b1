import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: aggressive_pruning', { A: 10, B: 10, C: 5 })
  .describe('Each node keeps 15 blocks. C is away for 5 s, in which the others decide fewer than that, and catches up.')
  .app({ keepBlocks: 15 })
  .application('slow', { by: '500ms', of: ['commit'] })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 4 }))
      .kill()
      .restart({ after: '5s' })
      .waitUntil(event('height.start', { height: 15 })),
  )
  .expect(agreement(), noEquivocation(), decides(15, { within: '60s' }));
