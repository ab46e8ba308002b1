import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestWaitTimeoutProposeOnNilPolkaForTheCurrentRound', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'The others have waited less for a proposal, and their prevotes of nil are a polka. A waits for its own time to propose to elapse before it prevotes nil.',
  )
  .proposer(1, 0, 'B')
  .timeouts({ precommit: '2s' })
  .timeouts({ propose: '600ms' }, { nodes: ['A'] })
  .timeouts({ propose: '50ms' }, { nodes: ['B', 'C', 'D'] })
  .application('proposes-nothing', { nodes: ['B'], heights: 1, rounds: 0 })
  .node('A', (a) =>
    a
      .expect(event('height.start', { height: 1 }))
      .never(event('vote.cast'), { for: '590ms' })
      .expect(event('timeout', { height: 1, round: 0, step: 'propose' }), { within: '20ms' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 0, value: null }), { within: '1ms' }),
  )
  .node('D', (d) => d.expect(event('publish', { type: 'precommit', height: 1, round: 0, value: null }), { within: '300ms' }))
  .expect(agreement(), noEquivocation(), decides(3, { within: '60s' }));
