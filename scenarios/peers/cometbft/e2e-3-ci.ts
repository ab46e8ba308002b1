import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft e2e: ci.toml', { A: 100, B: 100, C: 100, D: 100, E: 0 })
  .describe(
    'Nodes that start at a height, a validator that joins, a slow application, deaths of every kind, and a full node that starts late.',
  )
  .fullNodes('F', 'G')
  .validators(10, { A: 100, B: 100, C: 100, D: 100, E: 50 })
  .application('slow', { by: '100ms', of: ['propose', 'judge', 'commit'] })
  .node('E', (e) => e.startsLate({ at: event('decided', { height: 5 }) }).waitUntil(event('height.start', { height: 12 })))
  .node('F', (f) => f.startsLate({ at: event('decided', { height: 8 }) }).waitUntil(event('height.start', { height: 12 })))
  .fault({ time: '3s' }, { type: 'kill', nodes: ['A'], restartMs: 200 })
  .fault({ time: '6s' }, { type: 'crash', nodes: ['B'], restartMs: 1000 })
  .pause('C', { time: '9s' }, { for: '2s' })
  .partition([['D'], ['A', 'B', 'C', 'E', 'F', 'G']], { at: { time: '13s' }, for: '3s' })
  .expect(agreement(), noEquivocation(), decides(15, { within: '60s' }))
  .until({ time: '30s' });
