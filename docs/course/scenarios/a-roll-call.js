import { decides, event, scenario } from 'lazurite';
import { rollcall, surroundings } from '../rollcall.js';

export default scenario('a roll call', { A: 1, B: 1, C: 1 })
  .protocol(rollcall, surroundings)
  .describe('B loses power when it has said its number at height 2. It must say the same one again.')
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'add', height: 2 }))
      .crash()
      .restart({ after: '300ms' }),
  )
  .expect(decides(5, { within: '20s' }));
