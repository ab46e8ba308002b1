import { agreement, decides, event, never, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateFullRoundNil', { A: 1 })
  .describe('Nothing is proposed in round 0, so A prevotes nil and precommits nil; in round 1 it proposes and decides.')
  .application('proposes-nothing', { heights: 1, rounds: 0 })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'prevote', height: 1, round: 0, value: null }))
      .expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }))
      .expect(event('decided', { height: 1, round: 1 }), { within: '2s' }),
  )
  .expect(
    agreement(),
    never(event('proposal.local', { height: 1, round: 0 })),
    never(event('locked', { height: 1, round: 0 })),
    decides(2, { within: '10s' }),
  );
