import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: skipped_early_commit_does_not_break_sync', { A: 10, B: 10 })
  .describe('The applications of the validators commit late: a height is told to others only when it is stored.')
  .fullNodes('C')
  .application('slow', { nodes: ['A', 'B'], by: '300ms', of: ['commit'] })
  .node('C', (c) => c.startsLate({ after: '10s' }).waitUntil(event('height.start', { height: 6 })))
  .expect(agreement(), noEquivocation(), decides(12, { within: '60s', nodes: ['A', 'B'] }), decides(6, { within: '60s' }));
