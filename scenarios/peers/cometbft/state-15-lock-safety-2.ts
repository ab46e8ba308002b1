import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockPOLSafety2', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'C alone sees the polka of round 0, and A alone that of round 1. In round 2 C proposes the value of round 0 again, and A knows its polka by now. It does not vote for it: its own lock is newer.',
  )
  .timeouts({ rebroadcast: '2s' })
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'B')
  .proposer(1, 2, 'C')
  .application('calls-invalid', { nodes: ['D'], heights: 1, rounds: 0 })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['C'], to: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: { afterMs: 400 } },
  )
  .fault({ time: 0 }, { type: 'rule', from: ['C'], to: ['B'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault(
    { time: 0 },
    { type: 'rule', from: ['D'], to: ['B', 'C'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' },
  )
  .fault({ time: 0 }, { type: 'rule', from: ['B'], to: ['D'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' })
  .node('C', (c) =>
    c
      .expect(event('locked', { height: 1, round: 0 }), { as: 'the old one' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 2 }), { sameAs: 'the old one', within: '2s' }),
  )
  .node('B', (b) =>
    b.expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { differsFrom: 'the old one', as: 'the lock' }),
  )
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }))
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('locked', { height: 1, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 1 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('timeout', { height: 1, round: 1, step: 'precommit' }), { within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 2, value: null }), { within: '300ms' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('timeout', { height: 1, round: 2, step: 'propose' }), { nodes: ['A'] }),
    decides(3, { within: '60s' }),
  );
