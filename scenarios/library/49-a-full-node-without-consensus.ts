import { agreement, decides, event, never, scenario } from 'lazurite';

const only = { nodes: ['F'] };

export default scenario('a full node without consensus', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    'F is a full node whose consensus is switched off: no vote or proposal reaches it, it enters no round, and every decision comes from value sync. It has no log, and recovers from its block store alone. It loses power with a block half on the disk, and again in its recovery, and then asks its peers for what it lacks. D sends real certificates with other bytes than those of the value. F must not take them, and a node that does not compare is caught.',
  )
  .syncOnly('F')
  .byzantine('D', 'false-bytes')
  .node('F', (f) =>
    f
      .waitUntil(event('height.start', { height: 4 }))
      .crash({ torn: 'store.append' })
      .restart({ after: '1s' })
      .crash({ after: 'store.create' })
      .restart({ after: '1s' })
      .expect(event('height.start', { height: 4 }), { within: '1s' })
      .waitUntil(event('height.start', { height: 40 })),
  )
  .variants({ name: 'honest' }, { name: 'bytes taken unseen', break: 'bytes-unchecked', expect: { fail: ['decided-bytes'] } })
  .expect(
    agreement(),
    decides(40, { within: '30s' }),
    never(event('received'), only),
    never(event('publish'), only),
    never(event('replay.begin'), only),
  );
