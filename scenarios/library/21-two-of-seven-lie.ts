import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('two of seven lie while two others crash', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
  .describe(
    'At height 3 G proposes two values, F votes twice, and A and B lose power in the middle of voting: three honest nodes are left. In round 1 F takes its vote back from half of them, and until A and B are back from their logs nobody can decide.',
  )
  .byzantine('F', 'two-votes')
  .byzantine('G', 'two-proposals')
  .proposer(3, 0, 'G')
  .node('A', (a) =>
    a
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }), { as: 'the vote of A' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '900ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote of A', within: '20ms' })
      .expect(event('locked', { height: 3 }), { sameAs: 'the proposal of round 1', within: '500ms' }),
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }), { as: 'the vote of B' })
      .kill({ after: 'wal.flush' })
      .restart({ after: '700ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote of B', within: '20ms' })
      .expect(event('locked', { height: 3 }), { sameAs: 'the proposal of round 1', within: '500ms' }),
  )
  .node('C', (c) => c.expect(event('vote.cast', { type: 'prevote', height: 3 }), { sameAs: 'what A, B and C were told' }))
  .node('D', (d) =>
    d
      .expect(event('vote.cast', { type: 'prevote', height: 3 }), { differsFrom: 'what A, B and C were told' })
      .waitUntil(event('proposal.local', { height: 3, round: 1 }), { as: 'the proposal of round 1' }),
  )
  .node('G', (g) => g.waitUntil(event('proposal.local', { height: 3 }), { as: 'what A, B and C were told' }))
  .mustReach('tendermint.third-round')
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s', nodes: ['A', 'B', 'C', 'D', 'E'] }));
