import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a write that harms its neighbours', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's disk has no powersafe overwrite. B loses power while it writes its precommit, and the whole sector is lost, with the prevote that had been synced there. The attest slot of that flush is in another sector. So B sees that it may have sent a vote that its log no longer has, and follows without voting until it cannot matter.",
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
