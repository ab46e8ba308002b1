import { decides, scenario } from 'lazurite';

export default (['A', 'B', 'C'] as const)
  .reduce(
    (before, name) => before.byzantine(name, 'both-proposals'),
    scenario('malachite byzantine_engine: single_proposer_not_equivocating_makes_progress', { A: 10, B: 10, C: 10, D: 10 }),
  )
  .timeouts({ propose: '200ms', prevote: '50ms', precommit: '50ms' })
  .mustReach('tendermint.evidence-proposal')
  .expect(decides(5, { within: '30s' }));
