import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('what the block store has lost', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B dies when its newest block is stored and the log of that height not yet removed, and a bit of that block flips. The log still holds the decision: B stores it again. In the end the whole store is gone, with no log of those heights: B finds that at boot, and follows without voting.',
  )
  .wal({ onCorrupt: 'abstain' })
  .fault({ point: 'B@3.0/segment.prune~1:before' }, { type: 'crash', nodes: ['B'] })
  .fault({ ...event('crash'), node: 'B' }, { type: 'bit-flip', node: 'B', frame: 'last', file: 'blocks' })
  .fault({ ...event('publish', { type: 'precommit', height: 12 }), node: 'B' }, { type: 'missing', node: 'B', file: 'blocks' })
  .node('B', (b) =>
    b
      .waitUntil(event('restart'))
      .expect(event('recovered', { row: 'behind' }), { within: '50ms' })
      .expect(event('abstain.begin'))
      .expect(event('abstain.end')),
  )
  .variants(
    { name: 'stored again', mustReach: ['wal.store-behind'] },
    { name: 'not stored again', break: 'store-left-behind', mustReach: ['wal.store-behind'], expect: { fail: ['integrity'] } },
  )
  .expect(agreement(), noEquivocation(), decides(12, { within: '30s' }));
