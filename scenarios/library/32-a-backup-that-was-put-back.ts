import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a backup that was put back', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "D is down, and B's disk is put back to what it was before B proposed: a file that is whole, and old. Nothing on it can tell; B proposes and votes as if for the first time; the others see it, and hold to what it said first.",
  )
  .wal({ attest: 'strict' })
  .proposer(2, 0, 'A')
  .proposer(6, 0, 'A')
  .proposer(7, 0, 'B')
  .fault({ ...event('height.start', { height: 7 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 600 })
  .fault({ ...event('height.start', { height: 7 }), node: 'B' }, { type: 'old-snapshot', node: 'B', afterMs: 15 })
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'proposal' }), { as: 'its first proposal' })
      .waitUntil(event('restart'))
      .expect(event('publish', { type: 'proposal' }), { differsFrom: 'its first proposal', within: '20ms' }),
  )
  .node('A', (a) =>
    a
      .waitUntil(event('evidence', { kind: 'proposal', validator: 'B' }))
      .expect(event('decided'), { sameAs: 'its first proposal', within: '500ms' }),
  )
  .mustReach('tendermint.evidence-proposal', 'tendermint.evidence-prevote')
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s', nodes: ['A', 'C', 'D'] }));
