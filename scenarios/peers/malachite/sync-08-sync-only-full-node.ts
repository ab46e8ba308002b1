import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite value_sync: sync_only_fullnode_without_consensus', { A: 10, B: 10, C: 10 })
  .describe('D hears no votes and no proposals; what it decides it has from value sync alone.')
  .fullNodes('D')
  .fault({ time: 0 }, { type: 'rule', to: ['D'], where: { type: 'proposal' }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['D'], where: { type: 'precommit' }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', to: ['D'], where: { type: 'prevote' }, fate: 'lost' })
  .node('D', (d) => d.startsLate({ after: '5s' }).waitUntil(event('height.start', { height: 10 })))
  .expect(agreement(), noEquivocation(), decides(10, { within: '45s' }));
