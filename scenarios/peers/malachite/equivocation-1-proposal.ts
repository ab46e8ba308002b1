import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite equivocation: equivocation_two_vals_same_key_proposal', { A: 1, B: 1, C: 1, D: 1 })
  .standby('A2', { key: 'A' })
  .describe(
    'A and A2 have one key, and each proposes a value of its own. What A2 proposes comes later, so the others vote for the value of A; B, C and D have evidence against that key.',
  )
  .fault({ time: 0 }, { type: 'rule', from: ['A2'], fate: { afterMs: 40 } })
  .fault({ time: 0 }, { type: 'rule', from: ['A', 'B', 'C', 'D'], where: { type: 'prevote' }, fate: { afterMs: 100 } })
  .proposer(2, 0, 'A')
  .node('B', (b) => b.expect(event('evidence', { kind: 'proposal', validator: 'A', height: 2 }), { within: '15s' }))
  .node('C', (c) => c.expect(event('evidence', { kind: 'proposal', validator: 'A', height: 2 }), { within: '15s' }))
  .node('D', (d) => d.expect(event('evidence', { kind: 'proposal', validator: 'A', height: 2 }), { within: '15s' }))
  .mustReach('tendermint.evidence-proposal')
  .variants({ name: 'two machines with one key', expect: { fail: ['no-equivocation'] } })
  .expect(agreement(), decides(5, { within: '30s', nodes: ['B', 'C', 'D'] }));
