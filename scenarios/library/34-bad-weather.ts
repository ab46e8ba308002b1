import { agreement, decides, noEquivocation, scenario } from 'lazurite';

export default scenario('bad weather', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'For most of a second messages are late, lost, doubled, out of order, and some arrive with a bit flipped. Signatures tell what was damaged. Without that check a node votes for what nobody has proposed.',
  )
  .seed(46)
  .fault(
    { time: 0 },
    { type: 'weather', link: { delay: ['1ms', '30ms'], loss: 0.1, duplicate: 0.1, reorder: 0.1, corrupt: 0.08 }, forMs: 600 },
  )
  .variants(
    { name: 'signatures checked', mustReach: ['tendermint.later-round'] },
    { name: 'signatures unchecked', break: 'signatures-unchecked', expect: { fail: ['justified-vote'] } },
  )
  .expect(agreement(), noEquivocation(), decides(10, { within: '30s' }));
