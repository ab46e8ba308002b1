import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite n3f1: one_node_crashes_at_height_3', { A: 5, B: 5, C: 1 })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 3 }))
      .kill()
      .stayDown(),
  )
  .expect(agreement(), decides(5, { within: '30s', nodes: ['A', 'B'] }));
