import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

const only = { nodes: ['D'] };

export default scenario('malachite value_sync: sync_only_fullnode_without_consensus', { A: 10, B: 10, C: 10 })
  .describe(
    'The consensus of D is switched off. It starts late, and has every decision from value sync. It enters no round and sends no message of consensus.',
  )
  .syncOnly('D')
  .sync({ parallel: 3 })
  .node('D', (d) => d.startsLate({ after: '5s' }).waitUntil(event('height.start', { height: 8 })))
  .expect(
    agreement(),
    noEquivocation(),
    decides(8, { within: '45s' }),
    never(event('received'), only),
    never(event('publish'), only),
  );
