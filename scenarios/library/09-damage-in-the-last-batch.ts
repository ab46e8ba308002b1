import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('damage in the last flushed batch', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'A bit of the last durable batch flips while B is down. With one fsync a batch nothing can tell it from a torn write, and B counts as faulty; strict attestation finds it.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
      .crash({ after: 'publish' })
      .flipBit('last')
      .restart({ after: '500ms' }),
  )
  .variants({ name: 'attest next: cut', attest: 'next' }, { name: 'attest strict: found', attest: 'strict' })
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s', nodes: ['A', 'C', 'D'] }));
