import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite equivocation: equivocation_two_vals_same_key_vote', { A: 1, B: 1, C: 1, D: 1 })
  .standby('A2', { key: 'A' })
  .finalization('1s')
  .describe(
    'A and A2 have one key, and each prevotes for the value that it has proposed. B, C and D have evidence against that key, and report it when the height ends.',
  )
  .fault({ time: 0 }, { type: 'rule', from: ['A2'], fate: { afterMs: 40 } })
  .fault({ time: 0 }, { type: 'rule', from: ['A', 'B', 'C', 'D'], where: { type: 'prevote' }, fate: { afterMs: 100 } })
  .node('B', (b) =>
    b
      .waitUntil(event('decided', { height: 1 }))
      .expect(event('evidence', { kind: 'prevote', validator: 'A', height: 1 }), { within: '15s' })
      .expect(event('finalized', { height: 1 }), { within: '10ms' }),
  )
  .node('C', (c) =>
    c
      .waitUntil(event('decided', { height: 1 }))
      .expect(event('evidence', { kind: 'prevote', validator: 'A', height: 1 }), { within: '15s' })
      .expect(event('finalized', { height: 1 }), { within: '10ms' }),
  )
  .node('D', (d) =>
    d
      .waitUntil(event('decided', { height: 1 }))
      .expect(event('evidence', { kind: 'prevote', validator: 'A', height: 1 }), { within: '15s' })
      .expect(event('finalized', { height: 1 }), { within: '10ms' }),
  )
  .mustReach('tendermint.evidence-prevote')
  .variants({ name: 'two machines with one key', expect: { fail: ['no-equivocation'] } })
  .expect(agreement(), decides(5, { within: '30s', nodes: ['B', 'C', 'D'] }));
