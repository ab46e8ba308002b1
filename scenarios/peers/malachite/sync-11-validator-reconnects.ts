import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: validator_persistent_peer_reconnection', { A: 10, B: 10, C: 10 })
  .describe('C loses its connections for 12 s at height 3; when they are back it catches up.')
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 3 }))
      .isolate({ for: '12s' })
      .waitUntil(event('height.start', { height: 6 }), { within: '20s' }),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
