import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStartNextHeightCorrectlyAfterTimeout', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A has two precommits for the value and one of nil, and its time for more elapses. In round 1 the third one for the value comes: A decides, and begins the next height with round 0, whose time to propose elapses.',
  )
  .timeouts({ propose: '1s' }, { nodes: ['B', 'C', 'D'], from: 2 })
  .sync('off')
  .proposer(1, 0, 'A')
  .proposer(2, 0, 'B')
  .byzantine('B', 'precommit-nil', { heights: 1, rounds: 0 })
  .application('proposes-nothing', { nodes: ['B'], heights: 2, rounds: 0 })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['D'], to: ['A'], where: { type: 'precommit', height: 1, round: 0 }, fate: { afterMs: 300 } },
  )
  .node('A', (a) =>
    a
      .expect(event('proposal.local', { height: 1, round: 0 }), { as: 'the value' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('locked', { height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '1ms' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the value', within: '1s' })
      .expect(event('timeout', { height: 2, round: 0, step: 'propose' }), { within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 2, round: 0, value: null }), { within: '100ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(4, { within: '60s', nodes: ['A', 'C', 'D'] }));
