import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a failed fsync, then a restart without reboot', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'An fsync of B fails once and marks its pages clean. B stops, nothing leaves, and the next life writes anew what it reads: then power fails.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('height.start', { height: 3 }))
      .failFsync()
      .untilStopped({ within: '2s' })
      .restart({ after: '500ms' })
      .waitUntil(event('publish', { type: 'prevote', height: 3 }), { as: 'the vote', within: '2s' })
      .crash()
      .restart({ after: '300ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { within: '1s', sameAs: 'the vote' }),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s' }));
