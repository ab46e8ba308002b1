import { agreement, decides, event, never, noEquivocation, scenario } from 'lazurite';

export default scenario('cometbft state: TestStateLockNoPOL', { A: 1, B: 1 })
  .describe(
    'A locks in round 0, and B precommits a value of its own there and in the rounds after. A stays locked: it precommits nil, proposes its lock again when it is its turn, and votes for nothing that B proposes.',
  )
  .proposer(1, 0, 'A')
  .proposer(1, 1, 'B')
  .proposer(1, 2, 'A')
  .proposer(1, 3, 'B')
  .proposer(1, 4, 'A')
  .application('proposes-nothing', { nodes: ['B'], heights: 1, rounds: 1 })
  .byzantine('B', 'votes-without-proposal', { heights: 1, rounds: 0, kinds: ['precommit'] })
  .byzantine('B', 'votes-without-proposal', { heights: 1, rounds: [1, 2] })
  .byzantine('B', 'amnesia', { heights: 1, rounds: [0, 3] })
  .fault({ time: 0 }, { type: 'rule', from: ['A'], where: { type: 'precommit', height: 1, round: 0 }, fate: 'lost' })
  .fault({ time: 0 }, { type: 'rule', from: ['A'], where: { type: 'roundCertificate', height: 1, round: 1 }, fate: 'lost' })
  .node('A', (a) =>
    a
      .expect(event('proposal.local', { height: 1, round: 0 }), { as: 'the lock' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 0 }), { sameAs: 'the lock' })
      .expect(event('locked', { height: 1, round: 0 }), { sameAs: 'the lock' })
      .expect(event('vote.cast', { type: 'precommit', height: 1, round: 0 }), { sameAs: 'the lock' })
      .expect(event('timeout', { height: 1, round: 0, step: 'precommit' }), { within: '1s' })
      .expect(event('round.start', { height: 1, round: 1 }), { within: '10ms' })
      .expect(event('timeout', { height: 1, round: 1, step: 'propose' }), { within: '1s' })
      .expect(event('timeout', { height: 1, round: 1, step: 'prevote' }), { within: '1s' })
      .expect(event('vote.cast', { type: 'precommit', height: 1, round: 1, value: null }), { within: '10ms' })
      .expect(event('timeout', { height: 1, round: 1, step: 'precommit' }), { within: '1s' })
      .expect(event('proposal.local', { height: 1, round: 2 }), { sameAs: 'the lock', within: '10ms' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 2 }), { sameAs: 'the lock', within: '10ms' })
      .expect(event('timeout', { height: 1, round: 2, step: 'prevote' }), { within: '1s' })
      .expect(event('vote.cast', { type: 'precommit', height: 1, round: 2, value: null }), { within: '10ms' })
      .expect(event('timeout', { height: 1, round: 2, step: 'precommit' }), { within: '1s' })
      .expect(event('publish', { type: 'proposal', height: 1, round: 3 }), { node: 'B', differsFrom: 'the lock', within: '1s' })
      .expect(event('vote.cast', { type: 'prevote', height: 1, round: 3, value: null }), { within: '1s' })
      .expect(event('vote.cast', { type: 'precommit', height: 1, round: 3, value: null }), { within: '1s' })
      .expect(event('proposal.local', { height: 1, round: 4 }), { sameAs: 'the lock', within: '1s' })
      .expect(event('decided', { height: 1, round: 4 }), { sameAs: 'the lock', within: '1s' }),
  )
  .expect(
    agreement(),
    noEquivocation(),
    never(event('proposal.local', { height: 1, round: 1 })),
    never(event('decided', { height: 1, round: 2 })),
    decides(2, { within: '20s', nodes: ['A'] }),
  );
