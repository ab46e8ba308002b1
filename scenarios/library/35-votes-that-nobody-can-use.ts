import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('votes that nobody can use', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
  .describe(
    'F prevotes nil, G votes for what nobody proposed. Five honest votes of seven still decide; while A is down there are four, and round after round is lost. A comes back from its log, and what it says is the fifth vote.',
  )
  .byzantine('F', 'prevote-nil')
  .byzantine('G', 'votes-without-proposal')
  .node('A', (a) =>
    a
      .waitUntil(event('vote.cast', { type: 'prevote' }), { as: 'the vote' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '900ms' })
      .expect(event('publish', { type: 'prevote' }), { sameAs: 'the vote', within: '20ms' })
      .expect(event('decided', { round: 2 }), { within: '2s' }),
  )
  .mustReach('tendermint.third-round')
  .expect(agreement(), noEquivocation(), decides(5, { within: '30s', nodes: ['A', 'B', 'C', 'D', 'E'] }));
