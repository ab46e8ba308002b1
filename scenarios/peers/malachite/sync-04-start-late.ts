import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: start_late', { A: 10, B: 10, C: 5 })
  .node('C', (c) =>
    c
      .startsLate({ after: '10s' })
      .expect(event('height.start', { height: 1 }), { within: '1s' })
      .waitUntil(event('height.start', { height: 5 })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s', nodes: ['A', 'B'] }), decides(5, { within: '30s' }));
