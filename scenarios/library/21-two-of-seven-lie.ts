import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('two of seven lie while two others crash', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
  .describe(
    'F votes twice and G proposes twice. A and B lose power in the middle of voting; until they are back nobody can decide.',
  )
  .byzantine('F', 'two-votes')
  .byzantine('G', 'two-proposals')
  .fault({ ...event('vote.cast', { type: 'prevote', height: 3 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 900 })
  .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 700 })
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s', nodes: ['A', 'B', 'C', 'D', 'E'] }));
