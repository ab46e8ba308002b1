import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateProposerSelection2', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Nobody votes for a value in six rounds of height 1: each round has the next validator as its proposer, and none of them decides.',
  )
  .application('calls-invalid', { heights: 1, rounds: [0, 5] })
  .node('A', (a) =>
    a
      .expect(event('proposal.local', { height: 1, round: 2 }), { node: 'C', within: '10s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 2, value: null }))
      .expect(event('proposal.local', { height: 1, round: 3 }), { node: 'D', within: '10s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 3, value: null }))
      .expect(event('proposal.local', { height: 1, round: 4 }), { node: 'A', within: '10s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 4, value: null }))
      .expect(event('proposal.local', { height: 1, round: 5 }), { node: 'B', within: '10s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 5, value: null }))
      .expect(event('round.start', { height: 1, round: 6 }), { within: '10s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('proposal.local', { height: 1, round: 2 }), { nodes: ['A', 'B', 'D'] }),
    never(event('proposal.local', { height: 1, round: 3 }), { nodes: ['A', 'B', 'C'] }),
    never(event('proposal.local', { height: 1, round: 4 }), { nodes: ['B', 'C', 'D'] }),
    never(event('proposal.local', { height: 1, round: 5 }), { nodes: ['A', 'C', 'D'] }),
    decides(1, { within: '30s' }),
  );
