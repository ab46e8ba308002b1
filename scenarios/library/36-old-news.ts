import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('old news', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A and C are down, and nobody can decide. D sends what it said before with all that it says. B has heard it, and logs none of it again; a node that logs what it hears as it comes fills its disk.',
  )
  .byzantine('D', 'old-messages')
  .fault({ ...event('publish', { type: 'prevote' }), node: 'A' }, { type: 'crash', nodes: ['A', 'C'], restartMs: 2500 })
  .variants({ name: 'heard once' }, { name: 'duplicates logged', break: 'duplicates-logged', expect: { fail: ['bounded-log'] } })
  .expect(agreement(), noEquivocation(), decides(5, { within: '30s', nodes: ['A', 'B', 'C'] }));
