/**
 * Scenes: for each exhibit that needs one, a small scenario in which it violates a property. Other exhibits are caught in the scene `anywhere`.
 *
 * Scenes are not with the exhibits (museum/), because the runner of scenarios must know the exhibits but not the scenes.
 */
import { type Duration, event, type Scenario, scenario } from '../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 } as const;
const precommitted = { ...event('publish', { type: 'precommit', height: 3 }), node: 'B' } as const;

/** B dies after it has voted, and comes back before its height is decided. The others cannot decide without B, because A is down. */
function voterComesBack(name: string): Scenario {
  return scenario(name, four)
    .fault({ ...event('height.start', { height: 3 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 1500 })
    .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 100 })
    .safetyPhase('2s');
}

function waiting(name: string, period: Duration = '100ms'): Scenario {
  return scenario(name, four).finalization(period);
}

function extended(name: string): Scenario {
  return scenario(name, four).voteExtensions();
}

/** A bit flips in the middle of B's log, after B has precommitted. */
function damaged(name: string, part: 'payload' | 'length'): Scenario {
  return scenario(name, four).fault(precommitted, { type: 'bit-flip', node: 'B', frame: 'middle', part }).safetyPhase('1s');
}

/** B loses its log after its vote has left. The vote is for a height that is not decided, because D is down. */
function signerAlone(name: string): Scenario {
  return scenario(name, four)
    .wal({ onCorrupt: 'abstain' })
    .signer('B')
    .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
    .fault({ ...event('publish', { type: 'prevote', height: 3 }), node: 'B' }, { type: 'wipe', node: 'B', of: 'log' })
    .safetyPhase('2s');
}

/** Without A or B no quorum is possible. D alone adds only a little power. */
const uneven = { A: 5, B: 5, D: 2 } as const;

const alone = { A: 1 } as const;

const three = { A: 1, B: 1, C: 1 } as const;

/** C is down while the others take snapshots, so it needs one when it comes back. */
function needsSnapshot(name: string): Scenario {
  return scenario(name, three)
    .raft({ snapshotEvery: 5 })
    .fault({ ...event('committed', { index: 3 }), node: 'C' }, { type: 'crash', nodes: ['C'], restartMs: 500 })
    .until({ time: '3s' });
}

export const scenes: Readonly<Record<string, Scenario>> = {
  'raft-vote-not-persisted': scenario('two voters forget, and the leader is gone', three)
    .protocol('raft')
    .wal({ attest: 'strict' })
    .fault({ time: 150 }, { type: 'crash', nodes: ['B', 'C'], restartMs: 100 })
    .fault({ time: 159 }, { type: 'unreadable', node: 'A', frame: 'middle' })
    .safetyPhase(200),
  // A is cut off with entries of its own. B is elected, and dies before its entry reaches another node. A comes back and commits an old entry by
  // counting replicas. A is cut off again. B's last entry is newer, so B becomes leader without the committed entry.
  'raft-commits-old-term': scenario('figure 8', three)
    .protocol('raft')
    .fault(
      { time: 200 },
      {
        type: 'partition',
        groups: [['A'], ['B', 'C']],
        oneWay: false,
        forMs: 1600,
        flapMs: 280,
      },
    )
    .fault({ ...event('elected'), node: 'B' }, { type: 'crash', nodes: ['B'], image: 'all', restartMs: 400 })
    .until({ time: '1600ms' }),
  'raft-stale-append-truncates': scenario('an append that comes late', three)
    .seed(6)
    .protocol('raft')
    .fault({ time: 423 }, { type: 'crash', nodes: ['A', 'B'], restartMs: 100 })
    .safetyPhase(600),
  'raft-replies-before-flush': scenario('a follower loses power', three)
    .protocol('raft')
    .fault({ point: 'B@1.1/wal.flush~1:torn' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
    .safetyPhase(400),
  'raft-snapshot-acknowledged-early': scenario('a snapshot that was lost with the power', three)
    .raft({ snapshotEvery: 5 })
    .fault(
      { ...event('committed', { index: 3 }), node: 'C' },
      { type: 'partition', groups: [['A', 'B'], ['C']], oneWay: false, forMs: 700 },
    )
    .fault({ point: 'C@1.7/send~3:after' }, { type: 'crash', nodes: ['C'], image: 'none', restartMs: 300 })
    .until({ time: '2s' }),
  'raft-snapshot-forgets-term': needsSnapshot('a snapshot without a term'),
  'raft-snapshot-keeps-machine': needsSnapshot('a snapshot without a state'),
  'raft-snapshot-not-sent': needsSnapshot('a follower that gets nothing'),
  'raft-log-cut-early': scenario('a log that was cut before the snapshot was durable', three)
    .raft({ snapshotEvery: 5 })
    .fault({ point: 'B@1.1/segment.prune~2:after' }, { type: 'crash', nodes: ['B'], image: 'none', restartMs: 100 })
    .until({ time: '1s' }),
  'raft-pre-vote-raises-term': scenario('a member that hears nobody, and is heard', three)
    .raft({ preVote: true })
    .partition([['A', 'B'], ['C']], { at: event('committed', { index: 3 }), for: '600ms', oneWay: true })
    .until({ time: '1500ms' }),
  'raft-pre-vote-ignores-leader': scenario('a member that asks too early', three)
    .raft({ preVote: true })
    .fault({ ...event('committed', { index: 4 }), node: 'C' }, { type: 'timer', node: 'C', timer: 'election' })
    .until({ time: '1s' }),
  // A new leader whose first command comes before its empty entry is committed.
  'raft-change-too-early': scenario('a new leader that changes the members at once', three)
    .raft({ preVote: true, changes: [{ after: 3, remove: 'C' }] })
    .fault({ ...event('committed', { index: 2 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 300 })
    .until({ time: '1s' }),
  'raft-members-when-committed': scenario('two of four are too few', four)
    .raft({ preVote: true, members: ['A', 'B', 'C'], changes: [{ after: 3, add: 'D' }] })
    .until({ time: '500ms' }),
  'raft-removed-leader-counts': scenario('a leader that is removed', three)
    .raft({ preVote: true, changes: [{ after: 3, remove: 'A' }] })
    .until({ time: '1s' }),
  'raft-snapshot-forgets-members': scenario('a snapshot without members', four)
    .raft({ preVote: true, snapshotEvery: 5, members: ['A', 'B', 'C'], changes: [{ after: 3, add: 'D' }] })
    .until({ time: '1s' }),
  'lost-vote-said-again': scenario('a vote that was lost with the power', four)
    .fault({ ...event('vote.cast', { type: 'prevote', height: 2 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 50 })
    .until({ height: 5 }),
  'divergence-unnoticed': scenario('an application with a state of its own', four)
    .application('executes-otherwise', { nodes: ['B'], heights: 3 })
    .until({ height: 6 }),
  'app-ahead-of-blocks': scenario('power fails between the application and its block', four)
    .app({ store: 'own' })
    .fault({ point: 'B@4.0/store.flush~1:before' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
    .until({ height: 6 }),
  'handshake-skipped': scenario('power fails between a block and the application', four)
    .app({ store: 'own' })
    .fault({ point: 'B@4.0/store.flush~1:after' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
    .until({ time: '600ms' }),
  'height-restart-resets-log': scenario('an application that cannot commit', four)
    .proposer(3, 0, 'B')
    .application('restarts-height', { nodes: ['B'], heights: 3 })
    .until({ time: '1s' }),
  'block-time-from-clock': scenario('a clock that was set back while its machine was down', four)
    .blockTime({ clocks: { B: { life: 1, back: '60m' } } })
    .fault({ ...event('height.start', { height: 3 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 50 })
    .until({ height: 10 }),
  'block-time-unchecked': scenario('a clock that is behind', four)
    .blockTime({ clocks: { B: { back: '60m' } } })
    .until({ height: 6 }),
  'extension-made-anew': extended('a voter that is asked twice')
    .fault({ ...event('height.start', { height: 3 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 1500 })
    .fault(precommitted, { type: 'kill', nodes: ['B'], restartMs: 100 })
    .safetyPhase('2s'),
  'extensions-not-stored': extended('a proposer that comes back').until({ height: 4 }),
  'synced-without-extensions': extended('a proposer that was asleep')
    .fault({ ...event('height.start', { height: 2 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 1500 })
    .safetyPhase('2s'),
  'extension-unverified': extended('an extension that is refused').byzantine('D', 'false-extensions').until({ height: 5 }),
  'extension-signature-unchecked': extended('an extension that nobody signed')
    .byzantine('D', 'false-extensions')
    .until({ height: 6 }),
  'late-precommits-dropped': waiting('precommits that come late')
    .fault({ time: 0 }, { type: 'rule', from: ['D'], where: { type: 'precommit' }, fate: { afterMs: 40 } })
    .until({ height: 4 }),
  'any-precommit-joins': waiting('a precommit for nil', '600ms')
    .fault({ time: 0 }, { type: 'rule', to: ['D'], where: { type: 'proposal' }, fate: { afterMs: 550 } })
    .fault({ time: 0 }, { type: 'rule', to: ['D'], where: { type: 'precommit' }, fate: { afterMs: 550 } })
    .until({ height: 3 }),
  'decision-reported-early': waiting('a decision in the page cache').until({ height: 4 }),
  'no-wal': voterComesBack('a voter that forgets'),
  'lock-forgotten': scenario('a voter that forgets its lock', four)
    .seed(1048)
    .byzantine('A', 'votes-without-proposal')
    .fault({ time: 113 }, { type: 'crash', nodes: ['A', 'B', 'D'], restartMs: 72 })
    .safetyPhase(200),
  'lock-ignored': voterComesBack('a voter without a lock'),
  'corruption-cut-as-torn': damaged('damage in the middle', 'payload'),
  'crc-unchecked': damaged('damage that nobody looks for', 'payload'),
  'synced-one-too-low': damaged('a claim that is one too small', 'payload'),
  'over-long-length-cuts': damaged('a length that does not fit', 'length'),
  'questions-not-asked-again': scenario('asked and never answered', alone)
    .fault({ node: 'A', site: 'value.get', phase: 'after', nth: 3 }, { type: 'kill', nodes: ['A'], restartMs: 50 })
    .until({ time: '250ms' }),
  'messages-not-sent-again': scenario('framed and never sent', four)
    .fault({ node: 'B', site: 'wal.flush', phase: 'after', nth: 5 }, { type: 'kill', nodes: ['B'], restartMs: 5 })
    .until({ time: '120ms' }),
  'timers-not-set-again': scenario('nobody waits any more', four)
    .seed(2)
    .byzantine('B', 'silent')
    .fault({ time: 50 }, { type: 'crash', nodes: ['D'], image: 'all', restartMs: 60 })
    .safetyPhase(51),
  'store-not-renewed': scenario('a block in the page cache', four)
    .fault({ node: 'B', site: 'store.append', phase: 'after', nth: 3 }, { type: 'kill', nodes: ['B'], restartMs: 50 })
    .fault({ ...event('height.start', { height: 4 }), node: 'B', nth: 1 }, { type: 'crash', nodes: ['B'], restartMs: 50 })
    .safetyPhase('600ms'),
  'reset-synced-once': scenario('a name that was not durable', alone)
    .fault(
      { point: 'A@1.0/segment.prune~2:torn' },
      { type: 'crash', nodes: ['A'], image: { cut: 0, directory: '001' }, restartMs: 100 },
    )
    .until({ time: '200ms' }),
  'synced-claims-too-much': scenario('a legal torn batch', four)
    .app({ valueBytes: 4096 })
    .fault(
      { point: 'B@1.0/wal.flush~1:torn/sectors=00000000001' },
      { type: 'crash', nodes: ['B'], image: { sectors: '00000000001' }, restartMs: 100 },
    )
    .safetyPhase(400),
  'gone-log-made-anew': scenario('a folder that was cleared', four)
    .wal({ attest: 'strict' })
    .fault(precommitted, { type: 'missing', node: 'B', file: 'wal' })
    .safetyPhase('2s'),
  'other-version-made-anew': scenario('an older binary', four)
    .fault(precommitted, { type: 'downgrade', node: 'B' })
    .safetyPhase('2s'),
  'unborn-called-corrupt': scenario('a birth that died', four)
    .fault({ node: 'B', site: 'segment.open', phase: 'before', nth: 4 }, { type: 'kill', nodes: ['B'], restartMs: 60 })
    .safetyPhase('400ms'),
  'wiped-disk-votes': scenario('a new disk', four)
    .seed(21)
    .fault(
      { time: 49 },
      {
        type: 'partition',
        groups: [
          ['B', 'D'],
          ['A', 'C'],
        ],
        oneWay: false,
        forMs: 20,
      },
    )
    .fault({ time: 200 }, { type: 'wipe', node: 'C' })
    .safetyPhase(200),
  'abstains-too-short': scenario('a promise kept too short', four)
    .seed(95)
    .wal({ onCorrupt: 'abstain' })
    .fault(
      { time: 295 },
      {
        type: 'partition',
        groups: [
          ['A', 'B'],
          ['C', 'D'],
        ],
        oneWay: false,
        forMs: 20,
      },
    )
    .fault({ time: 386 }, { type: 'wipe', node: 'A' })
    .safetyPhase(400),
  'attest-unsynced': scenario('an attest slot in the page cache', four)
    .wal({ attest: 'strict' })
    .fault(precommitted, { type: 'bit-flip', node: 'B', frame: 'last' })
    .safetyPhase('1s'),
  'signer-unsynced': signerAlone("a signer's file in the page cache"),
  'signer-not-read': signerAlone("a signer's file that nobody reads"),
  // B proposes in the second round, and its log loses its end with the proposal.
  'signer-knows-heights': scenario('a second proposal in one round', four)
    .signer('B')
    .proposer(3, 0, 'D')
    .proposer(3, 1, 'B')
    .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
    .fault(
      { ...event('publish', { type: 'proposal', height: 3, round: 1 }), node: 'B' },
      { type: 'lost-tail', node: 'B', bytes: 300 },
    )
    .safetyPhase('2s'),
  // Only A and B see the polka of round 0 and lock. B's log loses its end with the lock, and C proposes another value.
  'signer-instead-of-log': scenario('a lock that the signer does not know', four)
    .signer('B')
    .proposer(3, 0, 'A')
    .proposer(3, 1, 'C')
    .partition([['A'], ['D']], { at: event('height.start', { height: 3 }), for: '3s', oneWay: true })
    .partition([['A'], ['C']], { at: event('publish', { type: 'proposal', height: 3 }), for: '3s', oneWay: true })
    .fault({ ...event('publish', { type: 'precommit', height: 3, round: 0 }), node: 'B' }, { type: 'crash', nodes: ['B'] })
    .fault({ time: 400 }, { type: 'lost-tail', node: 'B', bytes: 150 })
    .until({ time: '2s' }),
  'signatures-unchecked': scenario('bits that flip on the wire', four)
    .seed(15)
    .fault({ time: 0 }, { type: 'weather', link: { delay: [1, 30], loss: 0.1, corrupt: 0.08 }, forMs: 600 })
    .safetyPhase(600),
  'fsync-error-ignored': scenario('an fsync that fails', four)
    .fault({ time: '60ms' }, { type: 'fsync-fails', node: 'B', fileSystem: 'ext4', file: 'wal', restartMs: 100 })
    .safetyPhase('500ms'),
  'append-error-ignored': scenario('a disk that is full', four)
    .fault({ time: '60ms' }, { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 10, file: 'wal', restartMs: 100 })
    .safetyPhase('500ms'),
  'repair-starts-anew': scenario('a torn store', four)
    .seed(3)
    .fault({ time: 50 }, { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 10, file: 'blocks', restartMs: 100 })
    .safetyPhase(100),
  'life-reused': scenario('behind a torn tail', four)
    .seed(8)
    .fault({ time: 50 }, { type: 'crash', nodes: ['A'], image: { cut: 20 }, restartMs: 100 })
    .fault({ time: 452 }, { type: 'crash', nodes: ['A'], restartMs: 100 })
    .fault({ time: 0 }, { type: 'slow-fsync', node: 'B', byMs: 34, forMs: 20 })
    .safetyPhase(600),
  'certificates-unlogged': scenario('a certificate that nobody wrote down', four)
    .seed(17)
    .byzantine('A', 'two-proposals')
    .fault({ time: 0 }, { type: 'slow-fsync', node: 'B', byMs: 33, forMs: 300 })
    .safetyPhase(200),
  'boot-removes-first': scenario('a boot that dies', four)
    .fault({ node: 'D', site: 'segment.create', phase: 'before', nth: 1 }, { type: 'crash', nodes: ['D'], restartMs: 45 })
    .safetyPhase(50),
  'fsync-retried': scenario('an fsync that fails once', four)
    .fault({ time: '60ms' }, { type: 'fsync-fails', node: 'B', fileSystem: 'ext4', file: 'wal', restartMs: 100 })
    .safetyPhase('500ms'),
  'removes-before-birth': scenario('power fails between two heights', four)
    .fault({ point: 'B@3.0/segment.create~1:before' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
    .safetyPhase('500ms'),
  'prune-before-decision': scenario('power fails before the block is durable', four)
    // Names reach the disk, bytes do not.
    .fault(
      { point: 'B@3.0/store.flush~1:before' },
      { type: 'crash', nodes: ['B'], image: { cut: 0, directory: '11' }, restartMs: 100 },
    )
    .safetyPhase('500ms'),
  'store-left-behind': scenario('the last block is lost while the log still holds it', four)
    .fault({ point: 'B@3.0/segment.prune~1:before' }, { type: 'crash', nodes: ['B'] })
    .fault({ ...event('crash'), node: 'B' }, { type: 'bit-flip', node: 'B', frame: 'last', file: 'blocks' })
    .safetyPhase('500ms'),
  'quorum-at-two-thirds': scenario('two of three', three)
    .fault({ time: 60 }, { type: 'kill', nodes: ['C'] })
    .until({ time: '1s' }),
  'honest-at-one-third': scenario('one of three is ahead', three)
    .fault({ time: 0 }, { type: 'drift', node: 'A', perMille: -600 })
    .fault({ time: 0 }, { type: 'weather', link: { delay: [10, 400] }, forMs: 3000 })
    .safetyPhase('3s'),
  'small-certificate-taken': scenario('votes that are no quorum yet', uneven)
    .byzantine('D', 'small-certificates')
    .until({ height: 6 }),
  'certificate-signatures-unchecked': scenario('one signs for everybody', uneven)
    .byzantine('D', 'forged-certificates')
    .until({ height: 6 }),
  'old-lock-kept': scenario('a polka after a polka', four)
    .byzantine('D', 'one-peer-locked')
    .proposer(4, 2, 'D')
    .until({ height: 6 }),
  'proposer-unchecked': scenario('proposals of one whose turn it is not', { A: 2, B: 2, D: 1 })
    .byzantine('D', 'out-of-turn')
    .until({ height: 4 }),
  'bytes-unchecked': scenario('bytes that flip on the way', four)
    .seed(2)
    .fault({ time: 0 }, { type: 'weather', link: { corrupt: 0.3 }, forMs: 900 })
    .safetyPhase('1s'),
  'timeouts-do-not-grow': scenario('proposals that take longer than their timeout', { A: 1, B: 1 })
    .network({ delay: '320ms' })
    .until({ height: 3 }),
  'duplicates-logged': scenario('the same vote again and again', four)
    .fault({ ...event('height.start', { height: 2 }), node: 'A' }, { type: 'crash', nodes: ['A', 'D'] })
    .until({ time: '15s' }),
  'timeouts-unlogged': scenario('a clock that runs fast', four)
    .fault({ time: 0 }, { type: 'drift', node: 'D', perMille: -500 })
    .fault({ time: 20 }, { type: 'crash', nodes: ['A'], restartMs: 900 })
    .safetyPhase('1s'),
};

/** Further scenes in which an exhibit is caught. Each needs a kind of fault that the first scene does not. */
export const furtherScenes: readonly { readonly exhibit: string; readonly scene: Scenario }[] = [
  {
    exhibit: 'reset-synced-once',
    scene: scenario('stands still before the folder is synced', alone)
      .fault({ time: 6 }, { type: 'pause', node: 'A', forMs: 50 })
      .fault({ time: 26 }, { type: 'crash', nodes: ['A'], image: { cut: 0, directory: '01' }, restartMs: 100 })
      .until({ time: '200ms' }),
  },
  {
    exhibit: 'raft-stale-append-truncates',
    scene: scenario('one append is late', three)
      .protocol('raft')
      .fault({ time: 0 }, { type: 'message', from: 'A', to: 'B', where: { type: 'append' }, nth: 1, fate: { afterMs: 100 } })
      .safetyPhase('600ms'),
  },
  {
    exhibit: 'lock-ignored',
    // The rule keeps the height undecided, so that nodes are still locked at the end of the run.
    scene: scenario('precommits of one round that never arrive', { A: 1, B: 1 })
      .fault({ time: 0 }, { type: 'rule', where: { type: 'precommit', height: 1, round: 0 }, fate: 'lost' })
      .until({ height: 2 }),
  },
  {
    exhibit: 'timeouts-unlogged',
    scene: scenario('a timer that elapses early', four)
      .fault({ ...event('height.start', { height: 2 }), node: 'B' }, { type: 'timer', node: 'B', timer: 'propose' })
      .safetyPhase('600ms'),
  },
  {
    exhibit: 'timeouts-unlogged',
    scene: scenario('a clock that runs far too fast', four)
      .network({ delay: ['40ms', '60ms'] })
      .fault({ time: 0 }, { type: 'drift', node: 'D', perMille: -950 })
      .safetyPhase('900ms'),
  },
  {
    exhibit: 'life-reused',
    scene: scenario('a tail that is gone', four)
      .seed(51)
      .wal({ attest: 'strict' })
      .fault({ ...event('publish', { type: 'precommit' }), node: 'D' }, { type: 'lost-tail', node: 'D', bytes: 324 })
      .safetyPhase(50),
  },
  {
    exhibit: 'attest-unsynced',
    scene: scenario('the end of the log is gone', four)
      .wal({ attest: 'strict' })
      .fault(precommitted, { type: 'lost-tail', node: 'B', bytes: 70 })
      .safetyPhase('1s'),
  },
  {
    exhibit: 'corruption-cut-as-torn',
    scene: scenario('a sector that cannot be read', four)
      .app({ valueBytes: 4096 })
      .fault(precommitted, { type: 'unreadable', node: 'B', frame: 'middle', keepCorrect: true })
      .safetyPhase('1s'),
  },
];

/**
 * Faults that no log can detect. With `keepCorrect` the checker still counts the node as correct, against its rule. So the honest node violates properties in
 * these scenes.
 */
export const undetectable: readonly Scenario[] = [
  scenario('fsync-lies', four)
    .fault({ time: 0 }, { type: 'fsync-lies', node: 'B', keepCorrect: true })
    .fault(
      { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' },
      { type: 'crash', nodes: ['B'], restartMs: 100 },
    )
    .safetyPhase('600ms'),
  scenario('unsafe-overwrite', four)
    .app({ valueBytes: 400 })
    .fault({ time: 0 }, { type: 'unsafe-overwrite', node: 'B', keepCorrect: true })
    .fault(
      { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' },
      { type: 'crash', nodes: ['B'], restartMs: 100 },
    )
    .safetyPhase('600ms'),
  scenario('lost-write', four)
    .fault(
      { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' },
      { type: 'lost-write', node: 'B', keepCorrect: true },
    )
    .fault(precommitted, { type: 'crash', nodes: ['B'], restartMs: 100 })
    .safetyPhase('600ms'),
  scenario('misdirected', four)
    .fault(
      { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' },
      { type: 'misdirected', node: 'B', keepCorrect: true },
    )
    .fault(precommitted, { type: 'crash', nodes: ['B'], restartMs: 100 })
    .safetyPhase('600ms'),
  scenario('old-snapshot', four)
    .fault(
      { ...event('vote.cast', { type: 'prevote', height: 3 }), node: 'B' },
      { type: 'old-snapshot', node: 'B', afterMs: 15, keepCorrect: true },
    )
    .safetyPhase('600ms'),
];

/** The scene of every exhibit without one of its own: nodes lose power or are killed, one after another and then together. */
export const anywhere: Scenario = scenario('power fails', four)
  .fault({ time: '57ms' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
  .fault({ time: '93ms' }, { type: 'kill', nodes: ['C'], restartMs: 60 })
  .fault({ time: '240ms' }, { type: 'crash', nodes: ['A', 'B', 'C', 'D'], restartMs: 100 })
  .safetyPhase('600ms');
