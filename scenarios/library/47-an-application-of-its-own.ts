import { agreement, decides, event, from, noEquivocation, scenario } from 'lazurite';

export default scenario('an application with a store of its own', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "Power fails at B when block 5 is durable and its application has not committed it. At the start B's application says where it is, and B executes the blocks in between again before it takes part in anything. If the application is made durable at every third height only, these are two blocks. If its state is part of each block, there is nothing to compare. If it commits before the block is durable, or nobody asks it where it is, its state is not that of the chain.",
  )
  .app({ store: 'own' })
  .node('B', (b) =>
    b
      .waitUntil(event('height.start', { height: 5 }))
      .crash({ after: 'store.flush' })
      .restart({ after: '50ms' })
      .expect(event('app.replayed', { height: 5 }), { within: '100ms', as: 'block 5 is executed again' })
      .expect(event('height.start', { height: from(6) }), { within: '1s' }),
  )
  .variants(
    { name: 'a store of its own', mustReach: ['app.behind'] },
    { name: 'durable at every third height', app: { store: 'own', flushEvery: 3 }, mustReach: ['app.behind'] },
    {
      name: 'the state is part of the block',
      app: { store: 'block' },
      expect: { fail: [], steps: ['block 5 is executed again'] },
    },
    {
      name: 'it commits before the block is durable',
      break: 'app-ahead-of-blocks',
      expect: { fail: ['integrity'], steps: ['block 5 is executed again'] },
    },
    {
      name: 'nobody asks it where it is',
      break: 'handshake-skipped',
      expect: { fail: ['integrity'], steps: ['block 5 is executed again'] },
    },
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
