import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestResetTimeoutPrecommitUponNewHeight', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A precommit of nil has A set a timer; then the decision comes. The timer is of no concern to the next height, which lasts until it would have elapsed.',
  )
  .timeouts({ propose: '2s', precommit: '300ms' })
  .proposer(1, 0, 'A')
  .proposer(2, 0, 'B')
  .byzantine('B', 'precommit-nil', { heights: 1, rounds: 0 })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['D'], to: ['A'], where: { type: 'precommit', height: 1, round: 0 }, fate: { afterMs: 150 } },
  )
  .fault({ time: 0 }, { type: 'rule', where: { type: 'proposal', height: 2, round: 0 }, fate: { afterMs: 500 } })
  .node('B', (b) => b.expect(event('publish', { type: 'proposal', height: 2, round: 0 }), { as: 'the next value' }))
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the value' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the value' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the value', within: '1s' })
      .never(event('timeout'), { for: '250ms' })
      .expect(event('decided', { height: 2, round: 0 }), { sameAs: 'the next value', within: '2s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('timeout', { height: 1 })),
    never(event('round.start', { round: 1 }), { nodes: ['A'] }),
    decides(4, { within: '60s', nodes: ['A', 'C', 'D'] }),
  );
