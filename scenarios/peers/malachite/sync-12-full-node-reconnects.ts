import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

const story = scenario('malachite value_sync: full_node_persistent_peer_reconnection', { A: 10, B: 10, C: 10 }).fullNodes('D');

export default (['A', 'B', 'C'] as const)
  .reduce(
    (before, name) =>
      before.node(name, (node) =>
        node
          .waitUntil(event('height.start', { height: 10 }))
          .kill()
          .restart({ after: '3s' })
          .waitUntil(event('height.start', { height: 15 })),
      ),
    story,
  )
  .node('D', (d) => d.startsLate({ after: '3s' }).waitUntil(event('height.start', { height: 15 })))
  .expect(agreement(), noEquivocation(), decides(15, { within: '60s' }));
