import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a height begun anew', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's application cannot commit the decision of height 5, and asks for the height anew. The process lives on. B keeps the log of the height: its votes have left, and must stay as they are. The same decision goes to the application again, also when B loses power just then. A node that begins with an empty log takes part in round 0 a second time, and proposes another value there.",
  )
  .proposer(5, 0, 'B')
  .application('restarts-height', { nodes: ['B'], heights: 5 })
  .node('B', (b) =>
    b
      .waitUntil(event('height.restart', { height: 5 }))
      .crash({ before: 'store.flush' })
      .restart({ after: '100ms' })
      .waitUntil(event('height.start', { height: 8 })),
  )
  .variants(
    { name: 'the log is kept', mustReach: ['node.height-restarted', 'wal.height-replayed'] },
    { name: 'the log is reset', break: 'height-restart-resets-log', expect: { fail: ['no-equivocation'] } },
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
