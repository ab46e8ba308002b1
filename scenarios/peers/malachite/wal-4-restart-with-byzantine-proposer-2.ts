import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite wal: restart_with_byzantine_proposer_2', { A: 10, B: 40, C: 10 })
  .describe(
    'B proposes at height 3 and dies. When it is back it proposes another value beside the first one, to everybody. Nobody decides differently, and the others see both proposals.',
  )
  .proposer(3, 0, 'B')
  .byzantine('B', 'both-proposals', { heights: 3 })
  .node('B', (node) =>
    node
      .waitUntil(event('proposal.local', { height: 3 }))
      .kill()
      .restart({ after: '6s' })
      .expect(event('replay.begin', { height: 3 }), { within: '1s' }),
  )
  .node('A', (node) => node.expect(event('evidence', { kind: 'proposal', validator: 'B', height: 3 }), { within: '10s' }))
  .expect(agreement(), decides(6, { within: '60s', nodes: ['A', 'C'] }));
