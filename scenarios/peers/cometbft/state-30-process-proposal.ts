import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestProcessProposalAccept', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'The application rejects what is proposed in round 0, and A prevotes nil; in round 1 it accepts, and A prevotes for the value.',
  )
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'B')
  .application('calls-invalid', { heights: 1, rounds: 0 })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { node: 'B' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0, value: null }), { within: '1s' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 1 }), { node: 'B', as: 'the value', within: '1s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 1 }), { sameAs: 'the value', within: '1s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('timeout', { height: 1, step: 'propose' })),
    never(event('locked', { height: 1, round: 0 })),
    decides(2, { within: '60s' }),
  );
