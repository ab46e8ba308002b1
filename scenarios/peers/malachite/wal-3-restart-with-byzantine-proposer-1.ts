import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite wal: restart_with_byzantine_proposer_1', { A: 10, B: 10, C: 40 })
  .describe(
    'C proposes at height 3 and dies. When it is back it proposes another value beside the first one, to everybody. Nobody decides differently, and the others see both proposals.',
  )
  .proposer(3, 0, 'C')
  .byzantine('C', 'both-proposals', { heights: 3 })
  .node('C', (node) =>
    node
      .waitUntil(event('proposal.local', { height: 3 }))
      .kill()
      .restart({ after: '5s' })
      .expect(event('replay.begin', { height: 3 }), { within: '1s' }),
  )
  .node('A', (node) => node.expect(event('evidence', { kind: 'proposal', validator: 'C', height: 3 }), { within: '10s' }))
  .expect(agreement(), decides(6, { within: '60s', nodes: ['A', 'B'] }));
