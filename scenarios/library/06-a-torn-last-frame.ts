import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a torn last frame', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Power fails while the last frames are being written: 40 bytes of them reach the disk. The tail is cut, and nothing that left is lost.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }))
      .crash({ torn: 'wal.flush', image: { cut: 40 } })
      .restart({ after: '1s' })
      .expect(event('recovered', { height: 3 }), { within: '1s' }),
  )
  .mustReach('wal.torn-tail-cut')
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s' }));
