import { agreement, decides, event, from, noEquivocation, scenario } from 'lazurite';

export default scenario('old bytes in new blocks', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's segment lies on blocks of one that is gone. Power fails while a value of many sectors is written: the first and the last reach the disk, and between them stands what an old height had written there. It passes no checksum of this file: B cuts what is torn, and votes as it would have.",
  )
  .app({ valueBytes: 4096 })
  .disk({ lostSectors: 'stale' })
  .fault(
    { ...event('vote.cast', { type: 'prevote', height: 5 }), node: 'B' },
    { type: 'crash', nodes: ['B'], image: { sectors: '100000001' }, restartMs: 20 },
  )
  .node('B', (b) => b.expect(event('recovered', { row: 'replay', height: 5 })).expect(event('vote.cast', { height: from(5) })))
  .mustReach('wal.torn-tail-cut')
  .expect(agreement(), noEquivocation(), decides(12, { within: '30s' }));
