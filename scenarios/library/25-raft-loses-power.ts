import { decides, event, scenario } from 'lazurite';

export default scenario('three Raft nodes, one loses power', { A: 1, B: 1, C: 1 })
  .protocol('raft')
  .describe('B loses power after it has acknowledged an entry, comes back from its log, and still holds what it said it holds.')
  .node('B', (b) =>
    b
      .waitUntil(event('committed', { index: 2 }))
      .crash({ after: 'publish' })
      .restart({ after: '300ms' }),
  )
  .expect(decides(8, { within: '10s' }));
