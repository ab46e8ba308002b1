import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('extensions that must survive', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'Each precommit for a value carries an extension that the application makes, and it would make another one the next time. B loses power after its precommit has left, comes back, and sends the same extension again. At height 5 it is the proposer, dies when the block before is stored, and comes back with its extensions for its value. D extends its precommits falsely, and they do not count.',
  )
  .voteExtensions()
  .proposer(5, 0, 'B')
  .proposer(5, 1, 'B')
  .byzantine('D', 'false-extensions', { heights: [2, 4] })
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }), { as: 'the precommit' })
      .crash({ after: 'publish' })
      .restart({ after: '500ms' })
      .expect(event('publish', { type: 'precommit', height: 3 }), { sameAs: 'the precommit', within: '20ms' })
      .waitUntil(event('height.start', { height: 5 }))
      .crash()
      .restart({ after: '200ms' })
      .expect(event('publish', { type: 'proposal', height: 5 }), { within: '1s' }),
  )
  .mustReach('wal.height-replayed')
  .variants(
    { name: 'an extension that is kept', mustReach: ['tendermint.extension-refused'] },
    {
      name: 'made anew after the restart',
      break: 'extension-made-anew',
      expect: { fail: ['vote-extension', 'replay-equivalence', 'crash-is-pause', 'says-again'] },
    },
    { name: 'a block without them', break: 'extensions-not-stored', expect: { fail: ['vote-extension', 'write-ahead'] } },
    { name: 'value sync without them', break: 'synced-without-extensions', expect: { fail: ['vote-extension'] } },
    { name: 'taken unseen', break: 'extension-unverified', expect: { fail: ['vote-extension'] } },
    { name: 'a signature that nobody checks', break: 'extension-signature-unchecked', expect: { fail: ['vote-extension'] } },
  )
  .expect(agreement(), noEquivocation(), { property: 'vote-extension' }, decides(7, { within: '60s', nodes: ['A', 'B', 'C'] }));
