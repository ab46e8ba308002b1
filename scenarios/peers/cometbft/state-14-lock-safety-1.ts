import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockPOLSafety1', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Nobody sees the polka of round 0. A alone locks on another value in round 1. In round 2 it hears the prevote that completes the polka of round 0: nothing moves, and it proposes what it is locked on.',
  )
  .timeouts({ propose: '600ms', rebroadcast: '2s' })
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .proposer(1, 2, 'C')
  .proposer(1, 3, 'A')
  .application('calls-invalid', { nodes: ['D'], heights: 1, rounds: [0, 1] })
  .application('proposes-nothing', { nodes: ['C'], heights: 1, rounds: 2 })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['C'], to: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: { afterMs: 800 } },
  )
  .fault({ time: 0 }, { type: 'rule', from: ['C'], to: ['B'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['B'], to: ['C'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['C'], to: ['B'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['B'], to: ['C'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' })
  .node('B', (b) =>
    b.expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { differsFrom: 'the first', as: 'the lock' }),
  )
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the first' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the first' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }), { within: '1s' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('locked', { height: 1, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('timeout', { height: 1, round: 1, step: 'precommit' }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 2 }), { within: '10ms' })
      .expect(event('timeout', { height: 1, round: 2, step: 'propose' }), { within: '1s' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 3 }), { sameAs: 'the lock', within: '1s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('locked', { height: 1, round: 0 })),
    never(event('locked', { height: 1, round: 2 })),
    decides(3, { within: '60s' }),
  );
