import { decides, event, scenario } from 'lazurite';

const names = ['A', 'B', 'C', 'D'] as const;

export default names
  .reduce(
    (before, name) =>
      before.byzantine(name, 'both-votes').node(name, (node) =>
        node
          .expect(event('evidence', { height: 1 }), { within: '10s' })
          .expect(event('evidence', { height: 2 }), { within: '10s' })
          .expect(event('evidence', { height: 3 }), { within: '10s' })
          .waitUntil(event('height.start', { height: 5 })),
      ),
    scenario('malachite byzantine_engine: all_vote_equivocators_detected_and_still_progress', { A: 10, B: 10, C: 10, D: 10 }),
  )
  .timeouts({ propose: '200ms', prevote: '50ms', precommit: '50ms' })
  .expect(decides(5, { within: '30s' }));
