import { agreement, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a lying disk and a liar, past a third', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'The same with four: two of four are past a third, and nothing is owed any more. What is left to show is that the two correct nodes keep their own votes.',
  )
  .byzantine('D', 'two-votes')
  .fault({ time: 0 }, { type: 'fsync-lies', node: 'B' })
  .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 300 })
  .expect(agreement(), noEquivocation())
  .until({ time: '10s' });
