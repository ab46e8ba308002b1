import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestSignSameVoteTwice', { A: 1, B: 1, C: 1, D: 1 })
  .describe('B signs a precommit, loses power, and signs it again in its next life: it is the same vote.')
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'precommit', height: 2 }), { as: 'the vote' })
      .crash()
      .restart({ after: '5ms' })
      .expect(event('publish', { type: 'precommit', height: 2, round: 0 }), { sameAs: 'the vote', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(5, { within: '60s' }));
