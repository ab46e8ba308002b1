import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('cometbft e2e: blocksync_blocked.toml', { A: 67, B: 33 })
  .describe(
    'A alone has a quorum; B starts when A has decided five heights, and catches up. From height 1 on votes are extended.',
  )
  .voteExtensions()
  .node('B', (b) =>
    b.startsLate({ at: event('decided', { height: 5 }), node: 'A' }).waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), decides(10, { within: '60s' }));
