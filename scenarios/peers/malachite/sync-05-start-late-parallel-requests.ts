import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: start_late_parallel_requests', { A: 10, B: 10, C: 5 })
  .describe('C starts 10 s late and asks for five ranges of heights at once.')
  .sync({ parallel: 5 })
  .node('C', (c) => c.startsLate({ after: '10s' }).waitUntil(event('height.start', { height: 10 })))
  .expect(agreement(), noEquivocation(), decides(20, { within: '30s', nodes: ['A', 'B'] }), decides(10, { within: '30s' }));
