import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a crash during replay, twice', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B dies at height 3, dies again while its log is read back, and once more while the new file is being written; the third boot holds.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
      .crash({ after: 'wal.flush' })
      .restart({ after: '500ms' })
      .crash({ before: 'replay.frame', nth: 2 })
      .restart({ after: '500ms' })
      .crash({ after: 'segment.open' })
      .restart({ after: '500ms' })
      .expect(event('replay.end', { height: 3 }), { within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s' }));
