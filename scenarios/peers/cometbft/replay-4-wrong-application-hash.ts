import { agreement, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft replay: TestHandshakePanicsIfAppReturnsWrongAppHash', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "The store of D's application is gone, so at its start it executes three blocks again. First each of them leads to another state than the one that the block was stored with: D halts at block 1. In the next life only the last one does: D halts at block 3. In both cases it halts before it takes part in anything.",
  )
  .app({ store: 'own' })
  .application('executes-otherwise', { nodes: ['D'], lives: [1, 1] })
  .application('executes-otherwise', { nodes: ['D'], lives: [2, 2], heights: 3 })
  .fault({ ...event('height.start', { height: 4 }), node: 'D' }, { type: 'wipe', node: 'D', of: 'app' })
  .node('D', (d) =>
    d
      .waitUntil(event('app.restored', { height: 0, behind: 3 }))
      .untilStopped({ within: '10ms' })
      .restart({ after: '100ms' })
      .expect(event('app.replayed', { height: 2 }), { within: '100ms' })
      .untilStopped({ within: '10ms' }),
  )
  .expect(agreement(), noEquivocation())
  .until({ height: 30 });
