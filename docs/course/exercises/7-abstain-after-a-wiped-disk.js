// Exercise 7: abstain after a wiped disk.
//
// B's disk is replaced by an empty one. B cannot know any more what it has voted, so it must not vote at heights at which it may have
// voted before. The policy `halt` stops it for good, and when D is away for good as well nobody decides again. Which policy brings B back
// without letting it vote too early? (`.wal({ onCorrupt })`)
import { decides, event, scenario } from 'lazurite';

export default scenario('an empty disk', { A: 1, B: 1, C: 1, D: 1 })
  .wal({ onCorrupt: 'halt' })
  .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'wipe', node: 'B' })
  .fault({ time: '2s' }, { type: 'crash', nodes: ['D'] })
  .expect(decides(40, { within: '30s', nodes: ['A', 'B', 'C'] }));
