import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a voter votes the same again', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B, which does not propose, dies after its prevote at height 2 and after its precommit at height 12; it votes the same again.',
  )
  .proposer(2, 0, 'A')
  .proposer(12, 0, 'A')
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote', height: 2 }), { as: 'the prevote' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '1s' })
      .expect(event('publish', { type: 'prevote', height: 2 }), { sameAs: 'the prevote', within: '1s' })
      .waitUntil(event('vote.cast', { type: 'precommit', height: 12 }), { as: 'the precommit' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '1s' })
      .expect(event('publish', { type: 'precommit', height: 12 }), { sameAs: 'the precommit', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(14, { within: '30s' }));
