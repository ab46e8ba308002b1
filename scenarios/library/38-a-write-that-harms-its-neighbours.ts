import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a write that harms its neighbours', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's disk has no powersafe overwrite: power fails while B writes its precommit, and the whole sector is gone, with the prevote that had been synced there. The observer of the flush stands in a sector of its own. So B sees that something is missing that it may have said, and follows without voting until it cannot matter.",
  )
  .app({ valueBytes: 400 })
  .wal({ attest: 'strict', onCorrupt: 'abstain' })
  .fault({ time: 0 }, { type: 'unsafe-overwrite', node: 'B' })
  .fault({ ...event('vote.cast', { type: 'precommit', height: 5 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 20 })
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'prevote', height: 5 }))
      .expect(event('abstain.begin', { reason: 'CORRUPT' }))
      .expect(event('abstain.end'))
      .expect(event('vote.cast')),
  )
  .mustReach('wal.abstains', 'wal.votes-again')
  .expect(agreement(), noEquivocation(), decides(12, { within: '30s' }));
