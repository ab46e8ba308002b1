import { decides, scenario } from 'lazurite';

export default (['A', 'B', 'C', 'D'] as const)
  .reduce(
    (before, name) => before.byzantine(name, 'amnesia'),
    scenario('malachite byzantine_engine: amnesia_makes_progress', { A: 10, B: 10, C: 10, D: 10 }),
  )
  .timeouts({ propose: '200ms', prevote: '50ms', precommit: '50ms' })
  .expect(decides(5, { within: '30s' }));
