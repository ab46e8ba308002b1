import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying disk and a liar, below a third', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
  .describe(
    "B's disk acknowledges syncs and drops them; after a power loss B has forgotten its votes. G votes twice. Two of seven are below a third: the others agree.",
  )
  .byzantine('G', 'two-votes')
  .fault({ time: 0 }, { type: 'fsync-lies', node: 'B' })
  .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 300 })
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s', nodes: ['A', 'C', 'D', 'E', 'F'] }));
