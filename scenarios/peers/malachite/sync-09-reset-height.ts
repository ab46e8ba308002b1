import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: reset_height', { A: 10, B: 10, C: 0 })
  .describe('A late node fails to execute height 1 once; it stops, starts again and goes on.')
  .application('fails', { nodes: ['C'], heights: 1, lives: 0 })
  .node('C', (c) =>
    c
      .startsLate({ after: '10s' })
      .untilStopped({ within: '5s' })
      .restart({ after: '1ms' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .mustReach('node.stopped')
  .expect(agreement(), noEquivocation(), decides(20, { within: '30s', nodes: ['A', 'B'] }), decides(10, { within: '30s' }));
