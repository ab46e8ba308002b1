import { agreement, decides, event, from, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft replay: TestHandshakeReplayAll, Some, One, None', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'D dies between a decision and its block, with its block stored, and in the middle of a height; each time store and log agree again, and the application is the fold of the blocks.',
  )
  .node('D', (d) =>
    d
      .waitUntil(event('height.start', { height: 3 }))
      .crash({ before: 'store.append' })
      .restart({ after: '50ms' })
      .expect(event('height.start', { height: 4 }), { within: '2s' })
      .crash({ after: 'store.flush' })
      .restart({ after: '50ms' })
      .expect(event('height.start', { height: from(5) }), { within: '2s' })
      .crash({ after: 'publish' })
      .restart({ after: '50ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
