import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying disk and a liar, at a third', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1 })
  .describe(
    "Two of six: nothing is owed any more, and what goes first is progress. F says nothing; B's disk acknowledges syncs and drops them. Four of six cannot decide: they still stand where they stood when B is back after more than a second, to propose and vote as if for the first time. Only its next votes let them go on.",
  )
  .byzantine('F', 'silent')
  .proposer(2, 0, 'A')
  .proposer(6, 0, 'A')
  .proposer(7, 0, 'B')
  .fault({ ...event('height.start', { height: 7 }), node: 'B' }, { type: 'fsync-lies', node: 'B' })
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'proposal' }), { as: 'its first proposal' })
      .crash()
      .restart({ after: '1200ms' })
      .expect(event('publish', { type: 'proposal' }), { differsFrom: 'its first proposal', within: '20ms' }),
  )
  .node('A', (a) =>
    a
      // It looks at nothing of a height that it has decided.
      .waitUntil(event('evidence', { kind: 'proposal', validator: 'B' }))
      .expect(event('decided', { round: 1 }), { within: '2s' }),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s', nodes: ['A', 'C', 'D', 'E'] }));
