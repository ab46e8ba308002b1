import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite reset: reset_height', { A: 1, B: 1, C: 1 })
  .describe(
    "C's application cannot commit the decision of height 5, once. The node lives on and begins the height anew. It keeps the log of the height, so that it contradicts no vote of its own, and the decision goes to the application again. With the log reset, as in the original, it reaches height 10 too, and equivocates on the way.",
  )
  .proposer(5, 0, 'C')
  .application('restarts-height', { nodes: ['C'], heights: 5 })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 5 }))
      .waitUntil(event('height.restart', { height: 5 }), { within: '2s' })
      .expect(event('height.start', { height: 6 }), { within: '1s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .mustReach('node.height-restarted')
  .variants(
    { name: 'the log is kept' },
    { name: 'the log is reset', break: 'height-restart-resets-log', expect: { fail: ['no-equivocation'] } },
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
