import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft e2e: long.toml', { A: 97, B: 59, C: 85, D: 41, E: 65, F: 0, G: 0 })
  .describe('Two nodes start at a height and become validators; kill, restart and disconnect on the way.')
  .fullNodes('H')
  .validators(12, { A: 97, B: 59, C: 85, D: 41, E: 65, F: 66 })
  .validators(17, { A: 97, B: 59, C: 85, D: 41, E: 65, F: 66, G: 39 })
  .application('slow', { by: '200ms', of: ['commit'] })
  .node('F', (f) => f.startsLate({ at: event('decided', { height: 5 }) }))
  .node('G', (g) => g.startsLate({ at: event('decided', { height: 10 }) }))
  .fault({ time: '2s' }, { type: 'kill', nodes: ['A'], restartMs: 200 })
  .fault({ time: '5s' }, { type: 'kill', nodes: ['B'], restartMs: 1000 })
  .fault({ time: '9s' }, { type: 'kill', nodes: ['E'], restartMs: 1000 })
  .fault({ time: '13s' }, { type: 'kill', nodes: ['E'], restartMs: 200 })
  .partition([['F'], ['A', 'B', 'C', 'D', 'E', 'G', 'H']], { at: { time: '16s' }, for: '10s' })
  .fault({ time: '29s' }, { type: 'kill', nodes: ['G'], restartMs: 200 })
  .expect(agreement(), noEquivocation(), decides(30, { within: '60s' }))
  .until({ time: '35s' });
