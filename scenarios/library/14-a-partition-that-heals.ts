import { agreement, decides, noEquivocation, scenario } from 'lazurite';

export default scenario('a partition that heals after GST', { A: 1, B: 1, C: 1, D: 1 })
  .describe('Two against two: nobody can decide. After two seconds the partition heals, delays are bounded, and all decide.')
  .network({ delay: ['5ms', '40ms'], loss: 0.05, duplicate: 0.02, reorder: 0.05 })
  .partition(
    [
      ['A', 'B'],
      ['C', 'D'],
    ],
    { at: { time: '200ms' }, for: '2s' },
  )
  .gst('2500ms', '50ms')
  .expect(agreement(), noEquivocation(), decides(8, { within: '60s' }));
