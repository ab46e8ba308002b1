import { agreement, decides, event, from, scenario } from 'lazurite';

export default scenario('cometbft byzantine: TestByzantinePrevoteEquivocation', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A prevotes for a value before some and for nil before the others, from height 2 on; neighbours pass on what they hear, and have evidence.',
  )
  .byzantine('A', 'two-votes', { heights: { from: 2 }, kinds: ['prevote'] })
  .topology('ring')
  .node('C', (c) => c.expect(event('evidence', { kind: 'prevote', validator: 'A', height: from(2) }), { within: '10s' }))
  .expect(agreement(), decides(5, { within: '60s', nodes: ['B', 'C', 'D'] }));
