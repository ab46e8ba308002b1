import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('an older binary', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B comes back with an older binary, on a log that a newer one has written. Nothing is damaged, and B cannot read it: it stops and says which version wrote it, though its policy for a damaged log is to follow without voting. Whoever made a new log here would vote twice.',
  )
  .wal({ onCorrupt: 'abstain' })
  .fault({ ...event('publish', { type: 'precommit', height: 5 }), node: 'B' }, { type: 'downgrade', node: 'B' })
  .node('B', (b) =>
    b.waitUntil(event('publish', { type: 'precommit', height: 5 })).expect(event('lifecycle', { state: 'halted' })),
  )
  .mustReach('node.halted')
  .expect(agreement(), noEquivocation(), decides(12, { within: '30s', nodes: ['A', 'C', 'D'] }));
