import { agreement, decides, event, never, scenario } from 'lazurite';

export default scenario('malachite byzantine_engine: mux_cross_round_proposal_matches_stored_value_via_restream', {
  A: 10,
  B: 10,
  C: 10,
  D: 10,
})
  .describe(
    'B and C precommit nil in round 0, and A does not hear its proposal. In round 1 D proposes the same value again, for which there is a polka, and A decides it.',
  )
  .proposer(1, 0, 'D')
  .proposer(1, 1, 'D')
  .byzantine('B', 'precommit-nil', { heights: 1, rounds: 0 })
  .byzantine('C', 'precommit-nil', { heights: 1, rounds: 0 })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'proposal', height: 1, round: 0 }, fate: 'lost' })
  .node('D', (d) =>
    d
      .waitUntil(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the value' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { sameAs: 'the value', within: '5s' }),
  )
  .node('A', (a) => a.expect(event('decided', { height: 1, round: 1 }), { sameAs: 'the value', within: '5s' }))
  .expect(agreement(), never(event('decided', { height: 1, round: 0 })), decides(3, { within: '10s', nodes: ['A', 'D'] }));
