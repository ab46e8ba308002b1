import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite reset: reset_height', { A: 1, B: 1, C: 1 })
  .describe(
    "C's application fails as it executes height 5. The node stops, starts again at once, takes the decision from its log, executes it and goes on.",
  )
  .application('fails', { nodes: ['C'], heights: 5, lives: 0 })
  .node('C', (c) =>
    c
      .waitUntil(event('decided', { height: 5 }))
      .untilStopped({ within: '1s' })
      .restart({ after: '1ms' })
      .expect(event('replay.begin', { height: 5 }), { within: '1s' })
      .expect(event('height.start', { height: 6 }), { within: '1s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .mustReach('node.stopped', 'wal.height-replayed')
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
