import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('malachite n3f1: proposer_crashes_at_height_2', { A: 5, B: 1, C: 5 })
  .proposer(2, 0, 'B')
  .node('B', (b) =>
    b
      .waitUntil(event('height.start', { height: 2 }))
      .kill()
      .stayDown(),
  )
  .mustReach('tendermint.timeout-propose')
  .expect(agreement(), decides(5, { within: '30s', nodes: ['A', 'C'] }));
