import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a block store older than its application', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's log and blocks are put back from a backup, and its application is not: it has executed blocks that the store does not hold. B stops and says which heights these are, also when it is started again. Going on would mean to execute blocks twice. The other nodes go on. When the application is lost too, B executes all blocks of the backup, and then catches up.",
  )
  .app({ store: 'own' })
  .fault({ ...event('height.start', { height: 3 }), node: 'B' }, { type: 'old-snapshot', node: 'B', afterMs: 100, of: 'log' })
  .fault({ time: '1s' }, { type: 'wipe', node: 'B', of: 'app' })
  .node('B', (b) =>
    b
      .waitUntil(event('restart'))
      .waitUntil(event('stopped', { code: 'APPLICATION_AHEAD' }), { within: '100ms' })
      .waitUntil(event('app.anew', { reason: 'GONE' }))
      .expect(event('app.replayed', { height: 1 }), { within: '50ms' })
      .expect(event('height.start', { height: 8 }), { within: '5s' }),
  )
  .mustReach('app.anew', 'app.behind', 'node.halted')
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
