import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('asleep for twenty heights', { A: 1, B: 1, C: 1, D: 1 })
  .describe('B sleeps while the others decide twenty heights, and catches up by value sync.')
  .node('B', (b) =>
    b
      .waitUntil(event('height.start', { height: 2 }))
      .crash()
      .restart({ after: '4s' }),
  )
  .expect(agreement(), noEquivocation(), decides(22, { within: '30s' }));
