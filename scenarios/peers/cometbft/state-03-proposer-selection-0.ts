import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateProposerSelection0', { A: 1, B: 1, C: 1, D: 1 })
  .describe('The first validator proposes at the first height, and after its decision the second one at the next.')
  .node('A', (a) =>
    a
      .expect(event('proposal.local', { height: 1, round: 0 }))
      .expect(event('decided', { height: 1, round: 0 }))
      .expect(event('proposal.local', { height: 2, round: 0 }), { node: 'B' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('proposal.local', { height: 1 }), { nodes: ['B', 'C', 'D'] }),
    never(event('proposal.local', { height: 2 }), { nodes: ['A', 'C', 'D'] }),
    decides(2, { within: '10s' }),
  );
