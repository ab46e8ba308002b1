import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a proposal that comes late', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'D says everything half a second late. B gives up waiting for its proposal, votes nil and dies. It is back before the proposal comes: it has voted in this round, and does not vote again.',
  )
  .byzantine('D', 'late')
  .proposer(1, 0, 'D')
  .node('B', (b) =>
    b
      .expect(event('timeout', { step: 'propose' }), { within: '350ms' })
      .waitUntil(event('publish', { type: 'prevote', height: 1 }), { as: 'nil' })
      .crash()
      .restart({ after: '50ms' })
      .expect(event('publish', { type: 'prevote', height: 1 }), { sameAs: 'nil', within: '20ms', as: 'nil again' }),
  )
  .variants(
    { name: 'with the log' },
    { name: 'no WAL', wal: 'none', expect: { fail: ['no-equivocation'], steps: ['nil again'] } },
  )
  .mustReach('tendermint.timeout-propose')
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s', nodes: ['A', 'B', 'C'] }));
