import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('cometbft replay: TestWALCrashOnInternalBlockPartWrite', { A: 1 })
  .describe('The write of the own proposal is torn.')
  .node('A', (a) =>
    a
      .waitUntil(event('height.start', { height: 1 }))
      .crash({ torn: 'wal.append', nth: 3, image: { cut: 20 } })
      .restart({ after: '100ms' })
      .expect(event('decided', { height: 1 }), { within: '10s' }),
  )
  .expect(agreement(), decides(3, { within: '120s' }));
