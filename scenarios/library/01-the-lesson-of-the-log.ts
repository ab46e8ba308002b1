import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('the lesson of the log', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'At height 10, round 3, B proposes, votes and loses power with its precommit durable and unsent; replay restores that very precommit and sends it.',
  )
  .seed(6)
  .proposer(10, 0, 'A')
  .proposer(10, 1, 'A')
  .proposer(10, 2, 'A')
  .proposer(10, 3, 'B')
  .node('A', (a) => a.waitUntil(event('height.start', { height: 10 })).isolate({ for: '3s' }))
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 10, round: 3 }), { as: 'the precommit' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '1s' })
      .expect(event('replay.end', { height: 10 }), { within: '1s', as: 'the replay' })
      .expect(event('publish', { type: 'precommit', height: 10, round: 3 }), {
        within: '1s',
        sameAs: 'the precommit',
        as: 'the same again',
      }),
  )
  .variants(
    { name: 'with the log' },
    { name: 'no WAL', wal: 'none', expect: { fail: ['no-equivocation'], steps: ['the replay', 'the same again'] } },
    {
      name: 'fsync skipped',
      disk: { fsync: 'skip' },
      expect: {
        fail: ['no-equivocation', 'write-ahead', 'replay-equivalence', 'crash-is-pause'],
        steps: ['the replay', 'the same again'],
      },
    },
    { name: 'publish before flush', break: 'broadcast-before-flush', expect: { fail: ['write-ahead'] } },
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
