import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestProposeValidBlock', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A alone sees the polka of round 0. In rounds 1 to 3 nothing is proposed, and polkas of nil follow. In round 4 it is the turn of A, which proposes the value of that polka again.',
  )
  .application('calls-invalid', { nodes: ['D'], heights: 1, rounds: 0 })
  .application('proposes-nothing', { nodes: ['B', 'C', 'D'], heights: 1, rounds: [1, 3] })
  .fault({ time: 0 }, { type: 'rule', from: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .node('A', (a) =>
    a
      .expect(event('proposal.local', { height: 1, round: 0 }), { as: 'the value' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('locked', { height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('timeout', { height: 1, round: 1, step: 'propose' }), { within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 1, value: null }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 3 }), { within: '5s' })
      .expect(event('timeout', { height: 1, round: 3, step: 'precommit' }), { within: '2s' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 4 }), { sameAs: 'the value', within: '1s' })
      .expect(event('decided', { height: 1, round: 4 }), { sameAs: 'the value', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(3, { within: '60s' }));
