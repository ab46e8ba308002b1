import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: start_late_parallel_requests_with_batching', { A: 10, B: 10, C: 0 })
  .describe('C, without power, starts 10 s late and asks for five ranges of two heights at once.')
  .sync({ parallel: 5, batch: 2 })
  .node('C', (c) => c.startsLate({ after: '10s' }).waitUntil(event('height.start', { height: 10 })))
  .expect(agreement(), noEquivocation(), decides(20, { within: '30s', nodes: ['A', 'B'] }), decides(10, { within: '30s' }));
