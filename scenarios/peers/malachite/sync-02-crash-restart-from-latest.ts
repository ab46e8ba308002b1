import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: crash_restart_from_latest', { A: 10, B: 10, C: 5 })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 2 }))
      .kill()
      .restart({ after: '5s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
