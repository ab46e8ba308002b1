import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('malachite wal: multi_rounds_1', { A: 1, B: 1, C: 1 })
  .describe(
    "A's application calls what is proposed in rounds 0 to 2 of height 1 invalid, so A prevotes nil. Its process dies in round 3, comes back after 30s and replays all rounds.",
  )
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'C')
  .proposer(1, 2, 'B')
  .application('calls-invalid', { nodes: ['A'], heights: 1, rounds: [0, 2] })
  .node('A', (a) =>
    a
      .waitUntil(event('height.start', { height: 1 }))
      .expect(event('publish', { type: 'prevote', height: 1, round: 0, value: null }), { within: '5s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 1, value: null }), { within: '5s' })
      .expect(event('publish', { type: 'prevote', height: 1, round: 2, value: null }), { within: '5s' })
      .waitUntil(event('round.start', { height: 1, round: 3 }))
      .kill()
      .restart({ after: '30s' })
      .expect(event('replay.begin', { height: 1 }), { within: '1s' })
      .waitUntil(event('height.start', { height: 3 })),
  )
  .mustReach('tendermint.third-round')
  .expect(agreement(), noEquivocation(), decides(3, { within: '90s' }))
  .until({ height: 4 });
