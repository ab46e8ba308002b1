import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite full_nodes: full_node_crash_and_sync', { A: 10, B: 20, C: 30 })
  .describe('A full node dies at height 3 and loses its disk. It comes back after 5 s, begins anew and syncs.')
  .fullNodes('D')
  .node('D', (d) =>
    d
      .waitUntil(event('height.start', { height: 3 }))
      .kill()
      .wipe()
      .restart({ after: '5s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), decides(10, { within: '60s' }));
