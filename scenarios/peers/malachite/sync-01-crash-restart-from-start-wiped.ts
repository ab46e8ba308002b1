import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: crash_restart_from_start', { A: 10, B: 10, C: 5 })
  .describe(
    'C dies at height 4 and loses its whole disk. It comes back after 5 s, begins at height 1, follows without voting and syncs.',
  )
  .wal({ onCorrupt: 'abstain' })
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 4 }))
      .kill()
      .wipe()
      .restart({ after: '5s' })
      .expect(event('height.start', { height: 1 }), { within: '2s' })
      .waitUntil(event('height.start', { height: 6 })),
  )
  .mustReach('wal.abstains')
  .expect(agreement(), noEquivocation(), decides(6, { within: '60s' }));
