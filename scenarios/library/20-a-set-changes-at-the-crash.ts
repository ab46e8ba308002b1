import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('the validator set changes at the crash height', { A: 1, B: 1, C: 1, D: 1, E: 0 })
  .describe(
    'At height 5 A leaves and E joins with two votes. E dies in its very first height, and B between deciding height 4 and storing it.',
  )
  .validators(5, { B: 1, C: 1, D: 1, E: 2 })
  .node('E', (e) =>
    e
      .waitUntil(event('vote.cast', { type: 'prevote', height: 5 }), { as: 'its first vote' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '400ms' })
      .expect(event('publish', { type: 'prevote', height: 5 }), { sameAs: 'its first vote', within: '1s' }),
  )
  .node('B', (b) =>
    b
      .waitUntil(event('decided', { height: 4 }))
      .crash({ after: 'store.append' })
      .restart({ after: '400ms' }),
  )
  .expect(agreement(), noEquivocation(), decides(8, { within: '30s' }));
