import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateDoesntCrashOnInvalidVote', { A: 1, B: 1, C: 1, D: 1 })
  .describe('D sends votes of validators that do not exist, in certificates. Nobody stops over them, and nobody counts them.')
  .byzantine('D', 'foreign-signers')
  .node('A', (a) => a.expect(event('decided', { height: 5 }), { within: '30s' }))
  .expect(
    agreement(),
    noEquivocation(),
    never(event('stopped')),
    never(event('evidence')),
    decides(10, { within: '60s', nodes: ['A', 'B', 'C'] }),
  );
