import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateFullRound2', { A: 1, B: 1 })
  .describe("A proposes and prevotes, and waits for B's prevote; it precommits, and waits for B's precommit; then it decides.")
  .proposer(1, 0, 'A')
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: { afterMs: 400 } })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'precommit', height: 1, round: 0 }, fate: { afterMs: 800 } })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'proposal', height: 1, round: 0 }), { as: 'the proposal' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the proposal', within: '100ms' })
      .never(event('vote.cast', { type: 'precommit' }), { for: '300ms' })
      .expect(event('locked', { height: 1, round: 0 }), { sameAs: 'the proposal', within: '200ms' })
      .expect(event('publish', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the proposal', within: '100ms' })
      .never(event('decided'), { for: '300ms' })
      .expect(event('decided', { height: 1, round: 0 }), { sameAs: 'the proposal', within: '1s' })
      .expect(event('height.start', { height: 2 }), { within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(3, { within: '10s' }));
