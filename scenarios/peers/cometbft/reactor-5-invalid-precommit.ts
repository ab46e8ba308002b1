import { agreement, decides, event, scenario } from 'lazurite';

export default scenario('cometbft reactor: TestReactorInvalidPrecommit', { A: 1, B: 1, C: 1, D: 1 })
  .describe('D precommits a value that nobody proposed, at each height. All four decide ten heights.')
  .timeouts({ propose: '3s', prevote: '1s', precommit: '1s' })
  .byzantine('D', 'votes-without-proposal', { kinds: ['precommit'] })
  .node('A', (a) => a.expect(event('publish', { type: 'precommit', height: 10 }), { node: 'D', within: '100s' }))
  .expect(agreement(), decides(10, { within: '120s', nodes: ['A', 'B', 'C', 'D'] }));
