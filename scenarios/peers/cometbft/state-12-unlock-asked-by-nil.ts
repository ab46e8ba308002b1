import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockPOLUnlock', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A and C lock in round 0; B and D do not hear the prevote of A, and precommit nil. In round 1 the others prevote nil, A sees that polka of nil, and everybody precommits nil. A keeps its lock, which is what its next proposal says.',
  )
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .proposer(1, 2, 'A')
  .application('calls-invalid', { nodes: ['D'], heights: 1, rounds: 0 })
  .application('calls-invalid', { nodes: ['B', 'C', 'D'], heights: 1, rounds: 1 })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['A'], to: ['B', 'D'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' },
  )
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the lock' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the lock' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the lock' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '10ms' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 1, value: null }), { within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 1, value: null }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 2 }), { within: '1s' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 2 }), { sameAs: 'the lock', within: '100ms' })
      .expect(event('decided', { height: 1, round: 2 }), { sameAs: 'the lock', within: '1s' }),
  )
  .node('B', (b) =>
    b
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }))
      .expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { differsFrom: 'the lock', within: '1s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('timeout', { height: 1, round: 1, step: 'propose' }), { nodes: ['A'] }),
    never(event('locked', { height: 1, round: 1 })),
    decides(3, { within: '20s' }),
  );
