import { agreement, decides, scenario } from 'lazurite';

export default (['A', 'B', 'C'] as const)
  .reduce(
    (before, name) => before.byzantine(name, 'silent', { kinds: ['proposal'] }),
    scenario('malachite byzantine_engine: three_proposal_droppers_of_four_still_progresses', { A: 10, B: 10, C: 10, D: 10 }),
  )
  .describe('Only the proposals of D are heard: heights are decided in the rounds in which it proposes.')
  .timeouts({ propose: '200ms', prevote: '50ms', precommit: '50ms' })
  .mustReach('tendermint.timeout-propose')
  .expect(agreement(), decides(5, { within: '30s' }));
