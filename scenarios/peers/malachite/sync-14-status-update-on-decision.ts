import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: status_update_on_decision', { A: 10, B: 10, C: 0 })
  .describe('No status comes by time: a late node learns from those of each decision how far the others are.')
  .timeouts({ status: '10m', statusOnDecision: true })
  .node('C', (c) => c.startsLate({ after: '10s' }).waitUntil(event('height.start', { height: 10 }), { within: '5s' }))
  .expect(agreement(), noEquivocation(), decides(20, { within: '60s', nodes: ['A', 'B'] }), decides(10, { within: '60s' }));
