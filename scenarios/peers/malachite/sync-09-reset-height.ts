import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: reset_height', { A: 10, B: 10, C: 0 })
  .describe(
    'A late node cannot commit height 1, which value sync has brought, once. It begins the height anew within its life, commits it then, and goes on.',
  )
  .sync({ parallel: 3, batch: 2 })
  .application('restarts-height', { nodes: ['C'], heights: 1 })
  .node('C', (c) =>
    c
      .startsLate({ after: '10s' })
      .waitUntil(event('height.restart', { height: 1 }), { within: '5s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .mustReach('node.height-restarted')
  .expect(agreement(), noEquivocation(), decides(20, { within: '30s', nodes: ['A', 'B'] }), decides(10, { within: '30s' }));
