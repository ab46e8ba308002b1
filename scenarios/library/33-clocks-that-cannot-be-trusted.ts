import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('clocks that cannot be trusted', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "At height 3 the proposer stands still, and D's clock runs at twice the speed: D alone gives up waiting. At height 5 a timer of A elapses at once, A votes nil and is killed. A timeout is an input: where the log does not hold it, A comes back and votes for the proposal.",
  )
  .proposer(3, 0, 'B')
  .proposer(5, 0, 'C')
  .drift('D', -0.5)
  .pause('B', { ...event('height.start', { height: 3 }), node: 'B' }, { for: '200ms' })
  .fault({ ...event('height.start', { height: 5 }), node: 'A' }, { type: 'timer', node: 'A', timer: 'propose' })
  .fault({ ...event('publish', { type: 'prevote', height: 5 }), node: 'A' }, { type: 'kill', nodes: ['A'], restartMs: 1 })
  .node('D', (d) =>
    d.waitUntil(event('height.start', { height: 3 })).expect(event('timeout', { step: 'propose' }), { within: '160ms' }),
  )
  .node('A', (a) =>
    a.waitUntil(event('height.start', { height: 5 })).expect(event('timeout', { step: 'propose' }), { within: '1ms' }),
  )
  .variants(
    { name: 'timeouts logged' },
    {
      name: 'timeouts unlogged',
      break: 'timeouts-unlogged',
      expect: { fail: ['no-equivocation', 'replay-equivalence', 'says-again', 'write-ahead'] },
    },
  )
  .expect(agreement(), noEquivocation(), decides(8, { within: '30s' }));
