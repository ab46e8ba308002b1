import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a wiped disk', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B votes at height 3 and loses its disk. It cannot know what it has said: it asks the others where they are (P), follows through P+1 without voting, and only then votes again.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
      .crash({ after: 'publish' })
      .wipe()
      .restart({ after: '500ms' }),
  )
  .variants(
    { name: 'abstain', onCorrupt: 'abstain', mustReach: ['wal.abstains', 'wal.votes-again'] },
    { name: 'halt', onCorrupt: 'halt' },
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s', nodes: ['A', 'C', 'D'] }));
