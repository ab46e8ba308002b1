import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying proposer crashes', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'D proposes one value to A and B and another to C, and loses power the moment its prevote is out. A and B lock on it and cannot decide alone. D comes back and lies again in round 1; what A and B send again shows C the other proposal, and all decide what A and B were told first.',
  )
  .byzantine('D', 'two-proposals')
  .proposer(3, 0, 'D')
  .proposer(3, 1, 'D')
  .node('D', (d) =>
    d
      .waitUntil(event('proposal.local', { height: 3 }), { as: 'what A and B were told' })
      .crash({ after: 'publish', nth: 3 })
      .restart({ after: '150ms' })
      .expect(event('replay.end', { height: 3 }), { within: '100ms' })
      .expect(event('proposal.local', { height: 3, round: 1 }), { differsFrom: 'what A and B were told', within: '300ms' }),
  )
  .node('A', (a) =>
    a
      .waitUntil(event('locked', { height: 3 }), { within: '200ms' })
      .expect(event('decided', { height: 3 }), { sameAs: 'what A and B were told' }),
  )
  .node('C', (c) =>
    c
      .expect(event('vote.cast', { type: 'prevote', height: 3 }), { differsFrom: 'what A and B were told' })
      .waitUntil(event('round.start', { height: 3, round: 1 }))
      .expect(event('evidence', { kind: 'proposal', validator: 'D' }), { within: '500ms' })
      .expect(event('decided', { height: 3 }), { sameAs: 'what A and B were told', within: '500ms' }),
  )
  .mustReach('tendermint.evidence-proposal', 'tendermint.third-round')
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s', nodes: ['A', 'B', 'C'] }));
