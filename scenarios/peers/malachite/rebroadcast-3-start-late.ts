import { agreement, decides, decidesNothing, event, noEquivocation, scenario } from 'lazurite';

const story = scenario('malachite vote_rebroadcast: start_late', { A: 1, B: 1, C: 1 });

export default (['A', 'B'] as const)
  .reduce(
    (before, name) =>
      before.node(name, (node) =>
        node
          .waitUntil(event('publish', { type: 'prevote', height: 1 }), { as: `vote of ${name}` })
          .expect(event('publish', { type: 'prevote', height: 1, round: 0 }), { sameAs: `vote of ${name}`, within: '2s' })
          .waitUntil(event('height.start', { height: 5 })),
      ),
    story,
  )
  .node('C', (c) => c.startsLate({ after: '10s' }).waitUntil(event('height.start', { height: 5 })))
  .expect(agreement(), noEquivocation(), decidesNothing({ until: '10s' }), decides(5, { within: '60s' }));
