import { agreement, decides, event, lockDiscipline, scenario } from 'lazurite';

export default scenario('a lock that must be kept', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Only A and B see the polka of round 0 and lock. B dies; C, which saw none, proposes another value in round 1, and B must not vote for it.',
  )
  .proposer(3, 0, 'A')
  .proposer(3, 1, 'C')
  .proposer(3, 2, 'B')
  .partition([['A'], ['D']], { at: event('height.start', { height: 3 }), for: '3s', oneWay: true })
  .partition([['A'], ['C']], { at: event('publish', { type: 'proposal', height: 3 }), for: '3s', oneWay: true })
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'precommit', height: 3 }), { as: 'the lock' })
      .crash()
      .restart({ after: '600ms' })
      .waitUntil(event('publish', { type: 'prevote', height: 3, round: 1 }), { within: '1s' }),
  )
  .variants({ name: 'with the log' }, { name: 'no WAL', wal: 'none', expect: { fail: ['no-equivocation', 'lock-discipline'] } })
  .expect(agreement(), lockDiscipline(), decides(6, { within: '30s' }));
