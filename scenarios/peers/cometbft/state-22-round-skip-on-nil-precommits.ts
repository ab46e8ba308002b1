import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestRoundSkipOnNilPolkaFromHigherRound', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A hears nothing of round 0 but its own vote, and then three precommits of nil of round 1. It enters that round, waits for the timeout of its precommits, and enters the next.',
  )
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .timeouts({ precommit: '400ms' }, { nodes: ['B', 'C', 'D'] })
  .application('calls-invalid', { nodes: ['B', 'C', 'D'], heights: 1, rounds: [0, 1] })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'proposal', height: 1, round: 1 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'prevote', height: 1, round: 1 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'roundCertificate', height: 1 }, fate: 'lost' })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'prevote', height: 1, round: 0 }))
      .waitUntil(event('publish', { type: 'precommit', height: 1, round: 1, value: null }), { node: 'B' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '100ms' })
      .expect(event('timeout', { height: 1, round: 1, step: 'precommit' }), { within: '300ms' })
      .expect(event('round.start', { height: 1, round: 2 }), { within: '1ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(3, { within: '60s' }));
