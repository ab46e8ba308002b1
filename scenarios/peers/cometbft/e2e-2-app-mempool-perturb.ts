import { agreement, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft e2e: app-mempool-pertrub.toml', { A: 100, B: 100, C: 100, D: 100, E: 100 })
  .describe('Kill, restart and disconnect, one after another.')
  .fault({ time: '2s' }, { type: 'kill', nodes: ['B'], restartMs: 200 })
  .fault({ time: '5s' }, { type: 'kill', nodes: ['D'], restartMs: 1000 })
  .partition([['E'], ['A', 'B', 'C', 'D']], { at: { time: '9s' }, for: '10s' })
  .application('slow', { by: '100ms', of: ['commit'] })
  .expect(agreement(), noEquivocation())
  .until({ time: '25s' });
