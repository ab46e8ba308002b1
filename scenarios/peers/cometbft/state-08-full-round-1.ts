import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateFullRound1', { A: 1 })
  .describe('One validator proposes, prevotes and precommits its value, decides it, and starts the next height.')
  .node('A', (a) =>
    a
      .expect(event('height.start', { height: 1 }))
      .expect(event('proposal.local', { height: 1, round: 0 }), { as: 'the proposal' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the proposal' })
      .expect(event('vote.cast', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the proposal' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the proposal' })
      .expect(event('height.start', { height: 2 }), { within: '1s' }),
  )
  .expect(agreement(), decides(1, { within: '10s' }));
