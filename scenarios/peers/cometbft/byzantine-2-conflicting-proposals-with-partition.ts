import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('cometbft byzantine: TestByzantineConflictingProposalsWithPartition', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A tells B one proposal and C and D another, and votes before each side for what that side was told, while the sides cannot hear each other; after healing all decide alike.',
  )
  .proposer(1, 0, 'A')
  .byzantine('A', 'two-faced', { to: ['C', 'D'] })
  .partition([['B'], ['C', 'D']], { for: '2s' })
  .node('B', (b) => b.expect(event('evidence', { kind: 'proposal', validator: 'A' }), { within: '30s' }))
  .topology('ring')
  .expect(agreement(), decides(3, { within: '60s', nodes: ['B', 'C', 'D'] }));
