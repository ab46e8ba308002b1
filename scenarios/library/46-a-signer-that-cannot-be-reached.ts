import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a signer that cannot be reached', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'The signer of B does not answer at height 3, so B says nothing there, and goes on. It dies while the height is open: what it derived and never said is not in its log, and its replay is no divergence for that. From height 4 on it votes again.',
  )
  .signer('B', { refuses: { heights: 3, kinds: ['proposal', 'precommit'] } })
  .proposer(3, 0, 'B')
  .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
  .node('B', (b) =>
    b
      .expect(event('sign.refused', { type: 'proposal', height: 3, code: 'UNAVAILABLE' }), { within: '1s' })
      .waitUntil(event('sign.refused', { type: 'precommit', height: 3 }))
      .crash()
      .restart({ after: '100ms' })
      .expect(event('replay.end', { height: 3 }), { within: '100ms' })
      .expect(event('publish', { type: 'precommit', height: 4 }), { within: '5s' }),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s' }));
