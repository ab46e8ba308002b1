import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft replay: TestHandshakeReplayAll, Some, One, None', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "D's application has a store of its own, durable at every third height. D dies when it is where the blocks are (None), one behind, as power fails between a block and its commit (One), two behind (Some), and when the store of the application is gone (All). Each time it executes the blocks in between again. In the end it needs a block that D does not keep any more, and D stops, as for a truncated store.",
  )
  .app({ store: 'own', flushEvery: 3, keepBlocks: 12 })
  .fault({ ...event('height.start', { height: 9 }), node: 'D' }, { type: 'wipe', node: 'D', of: 'app' })
  .fault({ ...event('height.start', { height: 20 }), node: 'D' }, { type: 'wipe', node: 'D', of: 'app' })
  .node('D', (d) =>
    d
      .waitUntil(event('height.start', { height: 4 }))
      .crash({ after: 'publish' })
      .restart({ after: '50ms' })
      .expect(event('app.restored', { height: 3, behind: 0 }), { within: '50ms' })
      .crash({ after: 'store.flush' })
      .restart({ after: '50ms' })
      .expect(event('app.restored', { height: 3, behind: 1 }), { within: '50ms' })
      .expect(event('app.replayed', { height: 4 }), { within: '50ms' })
      .crash({ after: 'store.flush' })
      .restart({ after: '50ms' })
      .expect(event('app.restored', { height: 3, behind: 2 }), { within: '50ms' })
      .expect(event('app.replayed', { height: 5 }), { within: '50ms' })
      .waitUntil(event('app.anew', { reason: 'GONE' }))
      .expect(event('app.restored', { height: 0, behind: 8 }), { within: '50ms' })
      .expect(event('app.replayed', { height: 8 }), { within: '100ms' })
      .waitUntil(event('stopped', { code: 'APPLICATION_BEHIND_PRUNED' })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
