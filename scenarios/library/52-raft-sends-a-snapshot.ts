import { decides, event, scenario } from 'lazurite';

export default scenario('a follower was away, and gets a snapshot', { A: 1, B: 1, C: 1 })
  .raft({ snapshotEvery: 5 })
  .describe(
    'C is cut off while the others take snapshots and drop the entries that C lacks. When it is back, its leader sends a snapshot. C loses power when the snapshot is durable and its ack is about to leave, and comes back with it.',
  )
  .node('C', (c) =>
    c
      .waitUntil(event('committed', { index: 3 }))
      .isolate({ for: '700ms' })
      .waitUntil(event('snapshot.installed'), { within: '2s' })
      .crash({ before: 'publish' })
      .restart({ after: '300ms' })
      .expect(event('replay.end'), { within: '1s' })
      .expect(event('publish', { type: 'ack' }), { within: '1s' }),
  )
  .mustReach('raft.snapshot-taken', 'raft.snapshot-installed')
  .expect(decides(50, { within: '10s' }));
