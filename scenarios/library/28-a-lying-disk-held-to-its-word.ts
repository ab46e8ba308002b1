import { decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying disk that is held to its word', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "D's disk is honest: it dies when it has voted, and votes the same again. B's disk acknowledges syncs and drops them, and here B is owed and owes as if it were correct: it dies, proposes and votes as if for the first time. No log helps against such a disk, and so its node counts as faulty elsewhere.",
  )
  .proposer(20, 0, 'B')
  .node('D', (d) =>
    d
      .waitUntil(event('publish', { type: 'prevote' }), { as: 'the vote of D' })
      .crash()
      .restart({ after: '1ms' })
      .expect(event('publish', { type: 'prevote' }), { sameAs: 'the vote of D', within: '20ms' }),
  )
  .fault({ ...event('height.start', { height: 20 }), node: 'B' }, { type: 'fsync-lies', node: 'B', keepCorrect: true })
  .fault({ ...event('publish', { type: 'prevote', height: 20 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 1 })
  .variants({
    name: 'B counts as correct',
    mustReach: ['tendermint.evidence-proposal', 'tendermint.evidence-prevote'],
    expect: { fail: ['no-equivocation', 'write-ahead', 'replay-equivalence', 'crash-is-pause'] },
  })
  .expect(noEquivocation(), decides(20, { within: '30s' }));
