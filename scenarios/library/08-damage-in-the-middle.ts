import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('damage in the middle of the log', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A bit of a durable frame flips while B is down. That is no torn tail: B must stop with the place named, or follow without voting until the height is over; it must not cut and vote on.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
      .crash({ after: 'wal.flush' })
      .flipBit('middle')
      .restart({ after: '500ms' }),
  )
  .variants(
    { name: 'halt' },
    { name: 'abstain', onCorrupt: 'abstain', mustReach: ['wal.abstains', 'wal.votes-again'] },
    { name: 'cut as if torn', break: 'corruption-cut-as-torn', expect: { fail: ['replay-equivalence', 'crash-is-pause'] } },
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s', nodes: ['A', 'C', 'D'] }));
