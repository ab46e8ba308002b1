import { event, never, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateEnterProposeNoPrivValidator', { A: 1 })
  .describe('The only validator is not there. F has no key: it waits for a proposal in vain, and makes none.')
  .fullNodes('F')
  .node('A', (a) => a.neverStarts())
  .node('F', (f) =>
    f
      .expect(event('height.start', { height: 1 }))
      .never(event('timeout'), { for: '290ms' })
      .expect(event('timeout', { height: 1, round: 0, step: 'propose' }), { within: '50ms' }),
  )
  .expect(never(event('proposal.local')), never(event('publish', { type: 'proposal' })), never(event('vote.cast')))
  .until({ time: '2s' });
