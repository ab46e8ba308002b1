import { decides, event, scenario } from 'lazurite';

export default scenario('a clock that was set back', { A: 1, B: 1, C: 1, D: 1 })
  .blockTime({ clocks: { B: { life: 1, back: '60m' }, C: { ahead: '10s' } } })
  .describe(
    'The clock of C is ten seconds ahead. B dies, and while it is down somebody sets the clock of its machine back by an hour. Values name the time at which they were made. B proposes again with the time after the newest block, and not with its clock.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'prevote', height: 3 }), { as: 'the vote' })
      .crash()
      .restart({ after: '100ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote', within: '1s' })
      .waitUntil(event('proposal.local', { round: 0 }), { within: '2s' }),
  )
  .variants(
    { name: 'honest' },
    { name: 'the clock as it is', break: 'block-time-from-clock', expect: { fail: ['block-time'] } },
    { name: 'the clock as it is, and nobody compares', break: 'block-time-unchecked', expect: { fail: ['block-time'] } },
  )
  .expect(decides(12));
