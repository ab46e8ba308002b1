import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite equivocation: equivocation_two_vals_same_key_proposal', { A: 1, B: 1, C: 1, D: 1 })
  .describe('One key says two things: A tells everybody two proposals. B, C and D have evidence.')
  .byzantine('A', 'both-proposals')
  .proposer(2, 0, 'A')
  .node('B', (b) => b.expect(event('evidence', { kind: 'proposal', validator: 'A', height: 2 }), { within: '15s' }))
  .node('C', (c) => c.expect(event('evidence', { kind: 'proposal', validator: 'A', height: 2 }), { within: '15s' }))
  .node('D', (d) => d.expect(event('evidence', { kind: 'proposal', validator: 'A', height: 2 }), { within: '15s' }))
  .mustReach('tendermint.evidence-proposal')
  .expect(agreement(), decides(5, { within: '30s', nodes: ['B', 'C', 'D'] }));
