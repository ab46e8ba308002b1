import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a wiped disk', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'B comes back with an empty disk. It cannot know what it has voted, so it must not begin as if it were new: it stops, and the others go on.',
  )
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
      .crash({ after: 'publish' })
      .wipe()
      .restart({ after: '500ms' })
      .untilStopped({ within: '1s' })
      .stayDown(),
  )
  .expect(agreement(), noEquivocation(), decides(6, { within: '30s', nodes: ['A', 'C', 'D'] }));
