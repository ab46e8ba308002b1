import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('one key on two machines', { A: 1, B: 1, C: 1, D: 1 })
  .standby('B2', { key: 'B' })
  .describe(
    'Nobody hears B any more, so a watchdog starts B2 with the key of B and a copy of its disk. But B is only cut off: it goes on and votes. Each machine keeps to its own log, and the key votes twice. What a log remembers protects the machine that has it, and no other.',
  )
  .node('B', (b) => b.waitUntil(event('height.start', { height: 3 })).isolate({ for: '2s' }))
  .node('B2', (b2) => b2.startsLate({ at: event('height.start', { height: 3 }), node: 'B', diskOf: 'B' }))
  .variants({ name: 'each with a log of its own', expect: { fail: ['no-equivocation'] } })
  .expect(agreement(), noEquivocation(), decides(30, { within: '30s', nodes: ['A', 'C', 'D'] }));
