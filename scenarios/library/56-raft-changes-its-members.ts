import { decides, event, scenario } from 'lazurite';

export default scenario('a cluster that moves to other machines', { A: 1, B: 1, C: 1, D: 1, E: 1 })
  .raft({
    preVote: true,
    snapshotEvery: 8,
    members: ['A', 'B', 'C'],
    changes: [
      { after: 5, add: 'D' },
      { after: 10, remove: 'A' },
      { after: 15, add: 'E' },
      { after: 20, remove: 'B' },
    ],
  })
  .describe(
    'Three members become C, D and E, one change at a time. A and B lose power between the changes. A new member gets all entries, or a snapshot. A leader that is removed steps down when its removal is committed.',
  )
  .fault({ ...event('committed', { index: 7 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 200 })
  .fault({ ...event('committed', { index: 12 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 200 })
  .node('C', (c) => c.waitUntil(event('member.removed', { member: 'B' }), { within: '8s' }))
  .node('E', (e) => e.waitUntil(event('snapshot.installed'), { within: '8s' }))
  .expect(decides(40, { nodes: ['C', 'D', 'E'], within: '4s' }))
  .until({ time: '4s' })
  .mustReach('raft.member-added', 'raft.member-removed', 'raft.snapshot-installed');
