import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite equivocation: equivocation_two_vals_same_key_vote', { A: 1, B: 1, C: 1, D: 1 })
  .describe('One key says two things: A votes for a value and for nil before everybody. B, C and D have evidence.')
  .byzantine('A', 'both-votes')
  .node('B', (b) => b.expect(event('evidence', { kind: 'prevote', validator: 'A' }), { within: '15s' }))
  .node('C', (c) => c.expect(event('evidence', { kind: 'prevote', validator: 'A' }), { within: '15s' }))
  .node('D', (d) => d.expect(event('evidence', { kind: 'prevote', validator: 'A' }), { within: '15s' }))
  .mustReach('tendermint.evidence-prevote')
  .expect(agreement(), decides(5, { within: '30s', nodes: ['B', 'C', 'D'] }));
