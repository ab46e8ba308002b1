import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestWaitingTimeoutOnNilPolka', { A: 1, B: 1, C: 1, D: 1 })
  .describe('A hears three precommits of nil and nothing else of round 0. It waits for its timeout before the next round.')
  .application('calls-invalid', { nodes: ['B', 'C', 'D'], heights: 1, rounds: 0 })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'prevote', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['A'], where: { type: 'roundCertificate', height: 1, round: 1 }, fate: 'lost' })
  .timeouts({ precommit: '400ms' }, { nodes: ['B', 'C', 'D'] })
  .node('A', (a) =>
    a
      .waitUntil(event('publish', { type: 'precommit', height: 1, round: 0 }), { node: 'D' })
      .never(event('round.start'), { for: '90ms' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '100ms' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '1ms' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('vote.cast', { type: 'precommit', height: 1, round: 0 }), { nodes: ['A'] }),
    decides(3, { within: '60s' }),
  );
