import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying disk and a liar, below a third', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
  .describe(
    "B's disk acknowledges syncs and drops them: after a power loss B has forgotten what it proposed and voted, and says something else. G votes twice. Two of seven are below a third: the others see what B does, and agree.",
  )
  .byzantine('G', 'two-votes')
  .proposer(2, 0, 'A')
  .proposer(7, 0, 'B')
  .fault({ ...event('height.start', { height: 7 }), node: 'B' }, { type: 'fsync-lies', node: 'B' })
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'proposal' }), { as: 'its first proposal' })
      .waitUntil(event('publish', { type: 'prevote' }), { as: 'its first vote' })
      .crash()
      .restart({ after: '1ms' })
      .expect(event('publish', { type: 'proposal' }), { differsFrom: 'its first proposal', within: '20ms' })
      .expect(event('publish', { type: 'prevote' }), { differsFrom: 'its first vote', within: '20ms' }),
  )
  .node('A', (a) =>
    a
      .waitUntil(event('evidence', { kind: 'proposal', validator: 'B' }))
      .expect(event('decided'), { sameAs: 'its first proposal', within: '100ms' }),
  )
  .mustReach('tendermint.evidence-proposal', 'tendermint.evidence-prevote')
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s', nodes: ['A', 'C', 'D', 'E', 'F'] }));
