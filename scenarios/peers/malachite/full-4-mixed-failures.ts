import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite full_nodes: mixed_validator_and_full_node_failures', { A: 30, B: 30, C: 20 })
  .fullNodes('D', 'E')
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 5 }))
      .kill()
      .restart({ after: '10s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .node('E', (e) =>
    e
      .waitUntil(event('height.start', { height: 6 }))
      .kill()
      .restart({ after: '15s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
