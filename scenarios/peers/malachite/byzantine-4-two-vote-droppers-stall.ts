import { decidesNothing, event, scenario } from 'lazurite';

export default (['C', 'D'] as const)
  .reduce(
    (before, name) =>
      before.node(name, (node) =>
        node
          .waitUntil(event('publish', { type: 'prevote', height: 1 }))
          .expect(event('publish', { type: 'prevote', height: 1 }), { within: '2s' })
          .expect(event('publish', { type: 'prevote', height: 1 }), { within: '2s' }),
      ),
    scenario('malachite byzantine_engine: two_vote_droppers_of_four_stalls_consensus', { A: 10, B: 10, C: 10, D: 10 }),
  )
  .byzantine('A', 'silent', { kinds: ['prevote', 'precommit', 'certificate'] })
  .byzantine('B', 'silent', { kinds: ['prevote', 'precommit', 'certificate'] })
  .expect(decidesNothing({ until: '30s' }));
