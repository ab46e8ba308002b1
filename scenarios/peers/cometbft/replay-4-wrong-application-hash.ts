import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft replay: TestHandshakePanicsIfAppReturnsWrongAppHash', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'C and D die. In its next life the application of D computes another state from a decision: D stops and says so, and C does not.',
  )
  .application('executes-otherwise', { nodes: ['D'], heights: 3, lives: { from: 1 } })
  .node('C', (c) =>
    c
      .waitUntil(event('decided', { height: 3 }))
      .crash()
      .restart({ after: '50ms' })
      .expect(event('decided', { height: 8 }), { within: '10s' }),
  )
  .node('D', (d) =>
    d
      .waitUntil(event('decided', { height: 3 }))
      .crash()
      .restart({ after: '50ms' })
      .untilStopped({ within: '5s' })
      .stayDown(),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s', nodes: ['A', 'B', 'C'] }));
