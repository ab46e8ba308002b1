import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a log that was wiped, and a signer that remembers', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "D is down, B votes at height 3, and B's log and blocks are gone. Its signer has a small file of its own: what it signed last. So B need not ask anybody how far it may have voted: it follows through height 3 and votes again from height 4. Without the file it has to wait for an answer of D too, and then follows further than it must. With a file that was never synced, or that nobody reads, B votes twice.",
  )
  .wal({ onCorrupt: 'abstain' })
  .signer('B')
  .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
  .fault({ ...event('publish', { type: 'prevote', height: 3 }), node: 'B' }, { type: 'wipe', node: 'B', of: 'log' })
  .node('B', (b) =>
    b
      .waitUntil(event('restart'))
      .expect(event('abstain.begin', { until: 3 }), { within: '500ms', as: 'it knows how far it has voted' })
      .expect(event('abstain.end', { height: 4 }), { within: '4s', as: 'it votes again from height 4' }),
  )
  .variants(
    { name: 'with its file', mustReach: ['wal.abstains', 'wal.votes-again'] },
    {
      name: 'without a file',
      signers: 'none',
      expect: { fail: [], steps: ['it knows how far it has voted', 'it votes again from height 4'] },
    },
    {
      name: 'the file was never synced',
      break: 'signer-unsynced',
      expect: { fail: ['no-equivocation'], steps: ['it knows how far it has voted', 'it votes again from height 4'] },
    },
    {
      name: 'the file is not read',
      break: 'signer-not-read',
      expect: { fail: ['no-equivocation'], steps: ['it knows how far it has voted', 'it votes again from height 4'] },
    },
  )
  .expect(agreement(), noEquivocation(), decides(8, { within: '30s' }));
