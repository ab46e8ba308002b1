import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: sync_recovers_from_decode_failure', { A: 10, B: 10, C: 5 })
  .describe('For three seconds no answer comes that C can use. It asks again, and catches up.')
  .fault({ time: '5s' }, { type: 'rule', to: ['C'], where: { type: 'sync.response' }, fate: 'lost', forMs: 3000 })
  .node('C', (c) =>
    c
      .startsLate({ after: '5s' })
      .never(event('decided', { height: 1 }), { for: '2900ms' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
