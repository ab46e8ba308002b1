import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

const voted = (height: number) => ({ ...event('publish', { type: 'precommit', height }), node: 'B' }) as const;

export default scenario('a bad week of one disk', { A: 1, B: 1, C: 1, D: 1 })
  .describe(
    "B's disk is slow, then full, then loses a sector, the end of the log, and the log. It costs a round, then a restart; then, three times, B sees at boot that something is gone, and follows without voting until no vote that it may have forgotten can matter.",
  )
  .wal({ attest: 'strict', onCorrupt: 'abstain' })
  .proposer(3, 0, 'B')
  .fault({ ...event('height.start', { height: 3 }), node: 'B' }, { type: 'slow-fsync', node: 'B', byMs: 350, forMs: 20 })
  .fault(voted(5), { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 20, file: 'wal', restartMs: 20 })
  .fault(voted(7), { type: 'unreadable', node: 'B', frame: 'middle' })
  .fault(voted(18), { type: 'lost-tail', node: 'B', bytes: 70 })
  .fault(voted(28), { type: 'missing', node: 'B', file: 'wal' })
  .node('A', (a) =>
    a.waitUntil(event('height.start', { height: 3 })).expect(event('timeout', { step: 'propose' }), { within: '310ms' }),
  )
  .node('B', (b) =>
    b
      .expect(event('stopped'))
      .expect(event('recovered', { row: 'replay' }))
      .expect(event('abstain.begin'))
      .expect(event('abstain.end'))
      .expect(event('abstain.begin'))
      .expect(event('abstain.end'))
      .expect(event('abstain.begin'))
      .expect(event('abstain.end'))
      .expect(event('vote.cast')),
  )
  .mustReach('wal.torn-tail-cut', 'wal.abstains', 'wal.votes-again')
  .expect(agreement(), noEquivocation(), decides(12, { within: '30s' }));
