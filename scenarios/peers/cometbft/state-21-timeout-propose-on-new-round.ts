import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestWaitingTimeoutProposeOnNewRound', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A hears nothing of round 0 but its own vote, and then three prevotes of nil of round 1. It enters that round, and waits for its time to propose to elapse before it prevotes.',
  )
  .timeouts({ precommit: '1s' })
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .application('calls-invalid', { nodes: ['B', 'C', 'D'], heights: 1, rounds: 0 })
  .application('proposes-nothing', { nodes: ['B'], heights: 1, rounds: 1 })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'roundCertificate', height: 1, round: 1 }, fate: 'lost' })
  .node('A', (a) =>
    a
      .expect(event('publish', { type: 'prevote', height: 1, round: 0 }))
      .waitUntil(event('publish', { type: 'prevote', height: 1, round: 1, value: null }), { node: 'B' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '100ms' })
      .never(event('vote.cast'), { for: '340ms' })
      .expect(event('timeout', { height: 1, round: 1, step: 'propose' }), { within: '20ms' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 1, value: null }), { within: '1ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(3, { within: '60s' }));
