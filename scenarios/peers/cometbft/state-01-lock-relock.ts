import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockPOLRelock', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A alone sees the polka of round 0 and locks; the others precommit nil. In round 1 B proposes another value: A does not vote for it, sees the polka of the others, and moves its lock to it. All decide that value.',
  )
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .application('calls-invalid', { nodes: ['D'], heights: 1, rounds: 0 })
  .fault({ time: 0 }, { type: 'rule', from: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'precommit', height: 1, round: 1 }, fate: { afterMs: 150 } })
  .node('B', (b) =>
    b.expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { differsFrom: 'the first', as: 'the second' }),
  )
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the first' })
      .expect(event('locked', { height: 1, round: 0 }), { sameAs: 'the first' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the first' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 1, value: null }), { within: '1s' })
      .expect(event('locked', { height: 1, round: 1 }), { sameAs: 'the second', within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 1 }), { sameAs: 'the second', within: '1s' })
      .expect(event('decided', { height: 1, round: 1 }), { sameAs: 'the second', within: '1s' })
      .expect(event('height.start', { height: 2 }), { within: '1s' }),
  )
  .mustReach('tendermint.locked-again')
  .expect(agreement(), noEquivocation(), decides(5, { within: '60s' }));
