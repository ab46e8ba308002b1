import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite n3f1: validators_restart_at_different_heights_discovery_disabled', { A: 10, B: 10, C: 10 })
  .describe('B dies at height 2 and is back after 2 s; then C dies at height 4 and is back after 2 s. All go on.')
  .node('B', (b) =>
    b
      .waitUntil(event('height.start', { height: 2 }))
      .kill()
      .restart({ after: '2s' })
      .waitUntil(event('height.start', { height: 6 })),
  )
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 4 }))
      .kill()
      .restart({ after: '2s' })
      .waitUntil(event('height.start', { height: 6 })),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '45s' }));
