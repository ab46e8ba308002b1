import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: response_size_limit_exceeded', { A: 10, B: 10, C: 5 })
  .describe('Values are large and answers may hold two of them: C asks again for what did not fit, and catches up.')
  .app({ valueBytes: 2000 })
  .sync({ maxBytes: 4700 })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 2 }))
      .kill()
      .restart({ after: '5s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
