import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('one height further than anybody knows', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Only B hears the precommits of height 3: it decides, proposes at height 4 and prevotes, and nobody hears that either. Then its disk is lost. The others are at height 3 and say so; B may have voted at height 4, so it must not vote there again.',
  )
  .proposer(4, 0, 'B')
  .fault(
    { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'A' },
    { type: 'partition', groups: [['A'], ['C'], ['D']], oneWay: false, forMs: 900 },
  )
  .fault(
    { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'A' },
    { type: 'partition', groups: [['B'], ['A', 'C', 'D']], oneWay: true, forMs: 200 },
  )
  .fault({ ...event('publish', { type: 'prevote', height: 4 }), node: 'B' }, { type: 'wipe', node: 'B' })
  .wal({ onCorrupt: 'abstain' })
  .variants(
    { name: 'abstains', mustReach: ['wal.abstains', 'wal.votes-again'] },
    { name: 'abstains, strict attestation', attest: 'strict', mustReach: ['wal.abstains', 'wal.votes-again'] },
    { name: 'comes back too early', break: 'abstains-too-short', expect: { fail: ['no-equivocation'] } },
  )
  .expect(agreement(), noEquivocation(), decides(7, { within: '30s' }));
