import { agreement, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft e2e: libp2p-pertub.toml', { A: 100, B: 100, C: 100, D: 100, E: 100 })
  .describe('Kill, restart, disconnect and pause, one after another.')
  .fault({ time: '2s' }, { type: 'kill', nodes: ['B'], restartMs: 200 })
  .fault({ time: '5s' }, { type: 'kill', nodes: ['D'], restartMs: 1000 })
  .partition([['E'], ['A', 'B', 'C', 'D']], { at: { time: '9s' }, for: '10s' })
  .pause('E', { time: '22s' }, { for: '10s' })
  .application('slow', { by: '100ms', of: ['commit'] })
  .expect(agreement(), noEquivocation())
  .until({ time: '40s' });
