import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite byzantine_engine: single_vote_dropper_makes_progress', { A: 10, B: 10, C: 10, D: 10 })
  .describe('A proposes, and none of its votes is heard.')
  .byzantine('A', 'silent', { kinds: ['prevote', 'precommit'] })
  .proposer(2, 0, 'A')
  .node('B', (b) => b.expect(event('decided', { height: 2, round: 0 }), { within: '10s' }))
  .expect(agreement(), decides(5, { within: '30s', nodes: ['B', 'C', 'D'] }));
