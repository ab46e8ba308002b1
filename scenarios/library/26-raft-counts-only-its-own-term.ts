import { decides, event, scenario } from 'lazurite';

export default scenario('five Raft nodes and an entry of an old term', { A: 1, B: 1, C: 1, D: 1, E: 1 })
  .protocol('raft')
  .describe(
    "Figure 8 of the Raft paper. A's third entry reaches B only; E is elected by the others and dies with an entry of its own; A leads again and gives its old entry to a majority. Is it committed? Should A and B die now, E may lead, and overwrites it.",
  )
  .fault(event('committed', { index: 2 }), {
    type: 'partition',
    groups: [
      ['A', 'B'],
      ['C', 'D', 'E'],
    ],
    oneWay: false,
    forMs: 320,
  })
  .fault({ ...event('elected', { term: 3 }), node: 'E' }, { type: 'crash', nodes: ['E'], image: 'all', restartMs: 500 })
  .fault(event('committed', { index: 3 }), { type: 'crash', nodes: ['A', 'B'], restartMs: 1200 })
  .variants(
    { name: 'entries of its own term only' },
    {
      name: 'by counting alone',
      break: 'raft-commits-old-term',
      expect: { fail: ['leader-completeness', 'state-machine-safety'] },
    },
  )
  .expect(decides(8, { within: '20s' }));
