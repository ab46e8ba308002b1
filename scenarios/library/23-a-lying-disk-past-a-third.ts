import { agreement, event, scenario } from 'lazurite';

export default scenario('a lying disk and a liar, past a third', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Two of four: one more than agreement can bear. D forgets its locks, and so does B, whose disk acknowledges syncs and drops them. A decides with both and is not heard; then C decides something else with the very same two.',
  )
  .byzantine('D', 'amnesia')
  .proposer(7, 0, 'A')
  .proposer(7, 1, 'C')
  .fault({ ...event('height.start', { height: 7 }), node: 'B' }, { type: 'fsync-lies', node: 'B' })
  .partition([['A'], ['C']], { at: event('height.start', { height: 7 }), for: '2s', oneWay: true })
  .partition([['A'], ['B', 'C', 'D']], { at: event('locked', { height: 7 }), for: '2s', oneWay: true })
  .fault({ ...event('publish', { type: 'precommit', height: 7 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 50 })
  .variants({ name: 'two decisions', expect: { fail: ['agreement'] } })
  .expect(agreement())
  .until({ time: '2s' });
