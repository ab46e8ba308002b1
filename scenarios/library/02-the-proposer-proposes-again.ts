import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('the proposer proposes the same value again', { A: 10, B: 10, C: 40 })
  .describe('C proposes at height 3, dies before anyone hears it, comes back and must propose the same value.')
  .proposer(3, 0, 'C')
  .node('C', (c) =>
    c
      .waitUntil(event('proposal.local', { height: 3 }), { as: 'first proposal' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '5s' })
      .expect(event('replay.begin', { height: 3 }), { within: '1s' })
      .expect(event('publish', { type: 'proposal', height: 3 }), { sameAs: 'first proposal', within: '1s' }),
  )
  .expect(agreement(), noEquivocation(), decides(5, { within: '60s' }));
