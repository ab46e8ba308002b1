import { agreement, decides, event, exactly, noEquivocation, scenario } from 'lazurite';

const story = scenario('malachite vote_rebroadcast: crash_restart_from_latest', { A: 1, B: 1, C: 1 }).sync('off');

export default (['A', 'B'] as const)
  .reduce(
    (before, name) =>
      before.node(name, (node) =>
        node
          .waitUntil(event('publish', { type: 'prevote', height: exactly(4), round: exactly(0) }), { as: `vote of ${name}` })
          .expect(event('publish', { type: 'prevote', height: 4, round: 0 }), { sameAs: `vote of ${name}`, within: '2s' })
          .waitUntil(event('height.start', { height: 10 })),
      ),
    story,
  )
  .node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 4 }))
      .kill()
      .restart({ after: '5s' })
      .waitUntil(event('height.start', { height: 10 })),
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '60s' }));
