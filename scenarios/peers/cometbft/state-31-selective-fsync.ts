import { agreement, decides, event, noEquivocation, scenario, writeAhead } from 'lazurite';

export default scenario('cometbft state: TestWALSelectiveFsync', { A: 1, B: 1, C: 1, D: 1 })
  .describe('What A signs itself is in its log, and flushed, before anybody hears it: a proposal, a prevote and a precommit.')
  .proposer(2, 0, 'A')
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'precommit', height: 2, round: 0 }, fate: { afterMs: 150 } })
  .node('A', (a) =>
    a
      .waitUntil(event('proposal.local', { height: 2, round: 0 }), { as: 'the value' })
      .expect(event('wal.flush'), { within: '50ms' })
      .expect(event('publish', { type: 'proposal', height: 2, round: 0 }), { sameAs: 'the value', within: '50ms' })
      .expect(event('publish', { type: 'prevote', height: 2, round: 0 }), { sameAs: 'the value', within: '50ms' })
      .expect(event('vote.cast', { type: 'precommit', height: 2, round: 0 }), { sameAs: 'the value', within: '500ms' })
      .expect(event('wal.flush'), { within: '50ms' })
      .expect(event('publish', { type: 'precommit', height: 2, round: 0 }), { sameAs: 'the value', within: '50ms' }),
  )
  .expect(agreement(), noEquivocation(), writeAhead(), decides(4, { within: '60s' }));
