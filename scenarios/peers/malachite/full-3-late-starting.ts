import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite full_nodes: late_starting_full_node', { A: 10, B: 20, C: 30 })
  .fullNodes('D')
  .node('D', (d) => d.startsLate({ after: '10s' }).waitUntil(event('height.start', { height: 10 })))
  .expect(agreement(), decides(10, { within: '60s' }));
