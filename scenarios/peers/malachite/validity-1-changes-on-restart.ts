import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite validity_change_on_restart: node_with_invalid_value_recovers_via_sync', { A: 10, B: 10, C: 5 })
  .describe(
    'C votes for the value of height 3 and dies. In its next life its application calls values of that height and the next invalid; it replays its own vote, votes nil at height 4, and decides what the others do.',
  )
  .application('calls-invalid', { nodes: ['C'], heights: [3, 4], lives: 1 })
  .node('C', (c) =>
    c
      .waitUntil(event('publish', { type: 'prevote', height: 3 }), { as: 'vote' })
      .kill()
      .restart({ after: '5ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'vote', within: '1s' })
      .expect(event('decided', { height: 4 }), { within: '5s' }),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '20s' }));
