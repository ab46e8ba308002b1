import { agreement, decides, noEquivocation, scenario } from 'lazurite';

const seven = { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 } as const;
const turns = Object.keys(seven) as (keyof typeof seven)[];

export default turns
  .reduce(
    (story, node, turn) =>
      story.fault({ time: 300 + 400 * turn }, { type: turn % 2 === 0 ? 'crash' : 'kill', nodes: [node], restartMs: 300 }),
    scenario('a rolling restart', seven),
  )
  .describe('Seven nodes are restarted one after another, by power and by kill, under loss, duplication and reordering.')
  .network({ delay: ['5ms', '25ms'], loss: 0.03, duplicate: 0.05, reorder: 0.1 })
  .gst('5s', '50ms')
  .expect(agreement(), noEquivocation(), decides(12, { within: '30s' }));
