import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockPOLUnlockOnUnknownBlock', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A alone locks in round 0. In round 1 it misses the proposal and sees a polka of that unknown value: it precommits nil. In round 2 a third value has a polka, and A moves its lock to it.',
  )
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .proposer(1, 2, 'C')
  .application('calls-invalid', { nodes: ['D'], heights: 1, rounds: 0 })
  .fault({ time: 0 }, { type: 'rule', from: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'proposal', height: 1, round: 1 }, fate: 'lost' })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['D'], to: ['B', 'C'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' },
  )
  .fault({ time: 0 }, { type: 'rule', from: ['C'], to: ['D'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'prevote', height: 1, round: 2 }, fate: { afterMs: 100 } })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'precommit', height: 1, round: 2 }, fate: { afterMs: 250 } })
  .node('B', (b) =>
    b.expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { differsFrom: 'the first', as: 'the second' }),
  )
  .node('C', (c) =>
    c.expect(event('publish', { type: 'proposal', height: 1, round: 2 }), { differsFrom: 'the second', as: 'the third' }),
  )
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the first' })
      .expect(event('locked', { height: 1, round: 0 }), { sameAs: 'the first' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the first' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 1, value: null }), { within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 1, value: null }), { within: '1s' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 2, value: null }), { within: '1s' })
      .expect(event('locked', { height: 1, round: 2 }), { sameAs: 'the third', within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 2 }), { sameAs: 'the third', within: '1s' })
      .expect(event('decided', { height: 1, round: 2 }), { sameAs: 'the third', within: '1s' }),
  )
  .mustReach('tendermint.locked-again')
  .expect(agreement(), noEquivocation(), never(event('locked', { height: 1, round: 1 })), decides(5, { within: '60s' }));
