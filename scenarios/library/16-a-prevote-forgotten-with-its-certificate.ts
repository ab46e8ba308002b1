import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a prevote forgotten with its certificate', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'C learns the polka of round 0 by a certificate alone, and prevotes the proposal that rests on it. It dies. Does the log know why it voted?',
  )
  .proposer(3, 0, 'A')
  .proposer(3, 1, 'B')
  .partition([['A'], ['D']], { at: event('height.start', { height: 3 }), for: '3s', oneWay: true })
  .partition([['A'], ['C']], { at: event('publish', { type: 'proposal', height: 3 }), for: '3s', oneWay: true })
  .node('C', (c) =>
    c
      .waitUntil(event('publish', { type: 'prevote', height: 3, round: 1 }), { as: 'the prevote' })
      .crash()
      .restart({ after: '50ms' })
      .isolate({ for: '2s' })
      .waitUntil(event('publish', { type: 'prevote', height: 3, round: 1 }), { within: '1s' }),
  )
  .variants(
    { name: 'certificates logged' },
    {
      name: 'certificates unlogged',
      break: 'certificates-unlogged',
      expect: {
        fail: ['no-equivocation', 'write-ahead', 'replay-equivalence', 'crash-is-pause', 'termination', 'says-again'],
        steps: ['all decide'],
      },
    },
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s', as: 'all decide' }));
