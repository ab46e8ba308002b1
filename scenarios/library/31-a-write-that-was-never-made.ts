import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

const voted = (height: number) => ({ ...event('publish', { type: 'precommit', height }), node: 'B' }) as const;
const casts = (height: number) => ({ ...event('vote.cast', { type: 'precommit', height }), node: 'B' }) as const;

export default scenario('a write that was never made', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's disk acknowledges a vote and never writes it; later it writes one a sector astray. Each time power fails behind it. A second file, synced behind each flush, says how far the log had come: B sees that something is gone, and follows without voting. What has left B cannot be called back: it counts as faulty.",
  )
  .wal({ attest: 'strict', onCorrupt: 'abstain' })
  .fault(casts(7), { type: 'lost-write', node: 'B' })
  .fault(voted(7), { type: 'crash', nodes: ['B'], restartMs: 20 })
  .fault(casts(20), { type: 'misdirected', node: 'B' })
  .fault(voted(20), { type: 'crash', nodes: ['B'], restartMs: 20 })
  .node('B', (b) =>
    b
      .expect(event('abstain.begin', { reason: 'CORRUPT' }))
      .expect(event('abstain.end'))
      .expect(event('vote.cast'))
      .expect(event('abstain.begin', { reason: 'CORRUPT' }))
      .expect(event('abstain.end'))
      .expect(event('vote.cast')),
  )
  .mustReach('wal.abstains', 'wal.votes-again')
  .expect(agreement(), noEquivocation(), decides(22, { within: '30s', nodes: ['A', 'C', 'D'] }));
