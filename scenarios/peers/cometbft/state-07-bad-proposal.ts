import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateBadProposal', { A: 1, B: 1 })
  .describe(
    'B proposes a value that does not fit the state, and votes for it. A prevotes nil and precommits nil, and locks on nothing.',
  )
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'A')
  .byzantine('B', 'invalid-values', { heights: 1, rounds: 0 })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { node: 'B' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0, value: null }), { within: '1s' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }), { within: '1s' })
      .expect(event('decided', { height: 1, round: 1 }), { within: '5s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('locked', { height: 1, round: 0 }), { nodes: ['A'] }),
    never(event('timeout', { height: 1, round: 0, step: 'propose' }), { nodes: ['A'] }),
    decides(3, { within: '10s', nodes: ['A'] }),
  );
