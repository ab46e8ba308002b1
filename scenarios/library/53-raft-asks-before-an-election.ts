import { decides, event, never, scenario } from 'lazurite';

export default scenario('a member that hears nobody, and is heard', { A: 1, B: 1, C: 1 })
  .raft({ preVote: true })
  .describe(
    'For a second no message reaches C, and what C sends arrives. Its election timer elapses again and again. With pre-votes the others refuse, because they have a leader, and C keeps its term. Without them each new term of C deposes the leader.',
  )
  .partition([['A', 'B'], ['C']], { at: event('committed', { index: 3 }), for: '1s', oneWay: true })
  .variants(
    { name: 'with pre-votes', mustReach: ['raft.pre-vote-refused'] },
    { name: 'without', raft: {}, expect: { fail: [], steps: ['no second leader'] } },
  )
  .expect(decides(30, { within: '10s' }), never(event('elected'), { from: '300ms', as: 'no second leader' }));
