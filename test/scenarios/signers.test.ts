/** Signers with a file of their own: ahead of the log, older than it, lost, damaged, moved to another machine, and refusing. */
import { expect } from 'chai';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints } from '../../campaigns/index.ts';
import { scenes } from '../../campaigns/museum/scenes.ts';
import { decides, event, type Fault, momentOf, type Run, runScenario, type Scenario, scenario } from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = (name = 'four') => scenario(name, { A: 1, B: 1, C: 1, D: 1 }).signer('B');
const precommitted = { ...event('publish', { type: 'precommit', height: 3 }), node: 'B' } as const;
const proposed = { ...event('publish', { type: 'proposal', height: 3, round: 1 }), node: 'B' } as const;
const stopped = (run: Run): readonly unknown[] => run.incidents.map(({ kind, code }) => [kind, code]);
const moments = (run: Run, name: string): readonly Readonly<Record<string, unknown>>[] =>
  [...run.world.trace.events()].flatMap((one) => {
    const moment = momentOf(one);
    return moment?.name === name && moment.node === 'B' ? [moment.detail] : [];
  });
const verdictOf = (run: Run, name: string): string | undefined =>
  run.properties.find((property) => property.name === name)?.verdict;

/** D is away at height 3, so that B comes back while the height is still open. */
function stillOpen(fault: Fault, of: Scenario<'A' | 'B' | 'C' | 'D'> = four()): Scenario<'A' | 'B' | 'C' | 'D'> {
  return of
    .proposer(3, 0, 'D')
    .proposer(3, 1, 'B')
    .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
    .fault(proposed, fault)
    .until({ time: '4s' });
}

describe("a signer's file ahead of the log", () => {
  const lostTail: Fault = { type: 'lost-tail', node: 'B', bytes: 300 };

  it('shows that the log has lost its end: the node halts, and is not counted as faulty', () => {
    const run = stillOpen(lostTail).run();
    expect(run.complaints).to.deep.equal([]);
    expect(stopped(run)).to.deep.equal([['stopped', 'CORRUPT']]);
    expect(run.world.observer.isFaulty('B')).to.equal(false);
    const without = stillOpen(lostTail).variants({ name: 'none', signers: 'none' }).run();
    expect(without.world.observer.isFaulty('B')).to.equal(true);
    expect(stopped(without)).to.deep.equal([]);
  });

  it('lets a node that abstains say nothing more at that height, and vote again from the next one', () => {
    const run = stillOpen(lostTail).wal({ onCorrupt: 'abstain' }).run();
    expect(run.complaints).to.deep.equal([]);
    expect(moments(run, 'abstain.begin').map(({ from, until, reason }) => [from, until, reason])).to.deep.equal([
      [3, 3, 'CORRUPT'],
    ]);
    expect(moments(run, 'abstain.until')).to.deep.equal([]);
    expect(moments(run, 'abstain.end')).to.deep.equal([{ height: 4 }]);
    expect(moments(run, 'vote.cast').some(({ height }) => height === 5)).to.equal(true);
  });

  it('keeps a node that goes on in spite of it from signing twice, by refusing, and not from voting against its lock', () => {
    const refused = runScenario(stillOpen(lostTail).data, { exhibit: 'signer-instead-of-log', record: true });
    expect(moments(refused, 'sign.refused')[0]).to.include({ type: 'proposal', height: 3, round: 1, code: 'REGRESSION' });
    expect(verdictOf(refused, 'no-equivocation')).to.equal('held');
    const locked = runScenario((scenes['signer-instead-of-log'] as Scenario).data, {
      exhibit: 'signer-instead-of-log',
      record: true,
    });
    expect(verdictOf(locked, 'lock-discipline')).to.equal('violated');
    expect(verdictOf(locked, 'no-equivocation')).to.equal('held');
  });

  it('is found where a segment is gone, or the log is put back to an older state', () => {
    const missing = four().fault(precommitted, { type: 'missing', node: 'B', file: 'wal' }).until({ time: '1s' }).run();
    expect(missing.complaints).to.deep.equal([]);
    expect(stopped(missing)).to.deep.equal([['stopped', 'GONE']]);
    expect(missing.world.observer.isFaulty('B')).to.equal(false);
    const restored = four()
      .fault(
        { ...event('vote.cast', { type: 'prevote', height: 3 }), node: 'B' },
        { type: 'old-snapshot', node: 'B', afterMs: 15, of: 'log', keepCorrect: true },
      )
      .until({ time: '1s' });
    expect(restored.run().complaints).to.deep.equal([]);
    expect(stopped(restored.run())).to.deep.equal([['stopped', 'CORRUPT']]);
    const alone = restored.variants({ name: 'none', signers: 'none' }).run();
    expect(alone.complaints.join()).to.contain('replay-equivalence was violated');
  });
});

describe("a signer's file behind the log", () => {
  it('that was put back from a backup leaves it to the log: the node votes the same again', () => {
    const run = four()
      .proposer(3, 0, 'A')
      .node('B', (b) =>
        b
          .waitUntil(event('publish', { type: 'prevote', height: 3 }), { as: 'the vote' })
          .waitUntil(event('restart'))
          .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote', within: '50ms' }),
      )
      .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
      .fault(
        { ...event('vote.cast', { type: 'precommit', height: 2 }), node: 'B' },
        { type: 'old-snapshot', node: 'B', afterMs: 45, of: 'signer' },
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(moments(run, 'sign.refused')).to.deep.equal([]);
    expect(run.world.observer.isFaulty('B')).to.equal(false);
  });

  it('is lifted at boot: the log that is lost afterwards is still known by the file', () => {
    const run = four()
      .wal({ onCorrupt: 'abstain' })
      .proposer(3, 0, 'D')
      .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 2500 })
      .fault({ node: 'B', site: 'signer.write', phase: 'before', nth: 31 }, { type: 'crash', nodes: ['B'], restartMs: 50 })
      .fault({ time: '1s' }, { type: 'wipe', node: 'B', of: 'log' })
      .until({ time: '5s' })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(moments(run, 'abstain.begin').map(({ until }) => until)).to.deep.equal([3]);
  });
});

describe("a signer's file that is gone or damaged", () => {
  for (const [code, fault] of [
    ['GONE', { type: 'missing', node: 'B', file: 'signer' }],
    ['GONE', { type: 'wipe', node: 'B', of: 'signer' }],
    ['CORRUPT', { type: 'lost-tail', node: 'B', bytes: 1, file: 'signer' }],
  ] as const satisfies readonly (readonly [string, Fault])[]) {
    it(`after ${fault.type} stops the node as ${code}; one that abstains follows to the end of its newest segment`, () => {
      expect(stopped(four().fault(precommitted, fault).until({ time: '1s' }).run())).to.deep.equal([['stopped', code]]);
      const run = stillOpen(fault).wal({ onCorrupt: 'abstain' }).run();
      expect(run.complaints).to.deep.equal([]);
      expect(moments(run, 'abstain.begin').map(({ until }) => until)).to.deep.equal([3]);
      expect(moments(run, 'abstain.end')).to.deep.equal([{ height: 4 }]);
    });
  }

  it('with the whole disk is as for a node without a signer: it asks its peers', () => {
    const run = four().wal({ onCorrupt: 'abstain' }).fault(precommitted, { type: 'wipe', node: 'B' }).until({ time: '3s' }).run();
    expect(run.complaints).to.deep.equal([]);
    expect(moments(run, 'abstain.until')).to.have.length(1);
  });

  it('is of an age with the promise when that ends: the log may be lost once more', () => {
    const run = four()
      .wal({ onCorrupt: 'abstain' })
      .fault(precommitted, { type: 'wipe', node: 'B' })
      .fault({ ...event('abstain.end'), node: 'B' }, { type: 'wipe', node: 'B', of: 'log' })
      .until({ time: '3s' })
      .run();
    expect(run.complaints).to.deep.equal([]);
    const [end] = moments(run, 'abstain.end');
    const again = Number(moments(run, 'abstain.begin')[1]?.['until']);
    expect(again).to.be.at.least(Number(end?.['height']) - 1);
  });

  it('cannot be written: the node stops, and says which write has failed', () => {
    const failing = { node: 'B', file: 'signer', restartMs: 20 } as const;
    for (const fault of [
      { type: 'write-fails', ...failing, code: 'ENOSPC', written: 7 },
      { type: 'fsync-fails', ...failing, fileSystem: 'ext4' },
    ] as const) {
      const run = four().fault({ time: '60ms' }, fault).until({ time: '1s' }).run();
      expect(run.complaints).to.deep.equal([]);
      expect(stopped(run)).to.deep.equal([['stopped', 'SIGNER_FAILED']]);
    }
  });
});

describe('a signer that refuses', () => {
  const refusing = scenario('refusing', { A: 1, B: 1, C: 1, D: 1 })
    .signer('B', { refuses: { heights: 3, kinds: ['precommit', 'proposal'] } })
    .proposer(3, 0, 'B');

  it('leaves the message out, and the node goes on; the others decide', () => {
    const run = refusing.expect(decides(6, { within: '20s' })).run();
    expect(run.complaints).to.deep.equal([]);
    const refused = moments(run, 'sign.refused');
    expect(refused.map(({ code }) => code)).to.include('UNAVAILABLE');
    expect(refused.map(({ type }) => type))
      .to.include('proposal')
      .and.not.include('prevote');
    expect(moments(run, 'vote.cast').filter(({ height, type }) => height === 3 && type === 'precommit')).to.deep.equal([]);
  });

  it('is no divergence in replay: what it refused is not in the log', () => {
    const run = refusing
      .fault({ ...event('height.start', { height: 3 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 1500 })
      .fault(
        { ...event('sign.refused', { type: 'precommit', height: 3 }), node: 'B' },
        { type: 'kill', nodes: ['B'], restartMs: 50 },
      )
      .expect(decides(6, { within: '20s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(verdictOf(run, 'crash-is-pause')).to.equal('held');
  });
});

describe('a key that moves', () => {
  const moved = (how: { readonly diskOf?: 'B'; readonly signerOf?: 'B' }, onCorrupt: 'halt' | 'abstain') =>
    scenario('moved', { A: 1, B: 1, C: 1, D: 1 })
      .standby('B2', { key: 'B' })
      .signer('B')
      .signer('B2')
      .wal({ onCorrupt })
      .node('B', (b) =>
        b
          .waitUntil(event('publish', { type: 'precommit', height: 3 }))
          .crash()
          .stayDown(),
      )
      .node('B2', (b2) => b2.startsLate({ at: event('crash'), node: 'B', ...how }))
      .until({ time: '3s' });

  it("with the signer's file alone does not vote before the height of that file is over", () => {
    expect(moved({ signerOf: 'B' }, 'halt').run().complaints).to.deep.equal([]);
    expect(stopped(moved({ signerOf: 'B' }, 'halt').run())).to.deep.equal([['stopped', 'CORRUPT']]);
    const run = moved({ signerOf: 'B' }, 'abstain').run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.incidents.map(({ node, reason }) => [node, reason]).join()).to.match(/B2.*until height 3 is decided/);
  });

  it('with its disk goes on where it was; with nothing it signs twice', () => {
    expect(moved({ diskOf: 'B' }, 'halt').run().complaints).to.deep.equal([]);
    expect(moved({}, 'halt').run().complaints.join()).to.contain('no-equivocation was violated');
  });
});

describe('crash points of a node whose signer has a file', () => {
  const cellsOf = (of: Scenario, exhibit?: string) =>
    enumerateCrashpoints(
      crashpointsPlan(of.data, {
        nodes: ['B'],
        heights: '2',
        sites: ['signer.write', 'wal.flush', 'publish'],
        pending: 2,
        merge: true,
        ...(exhibit === undefined ? {} : { exhibit }),
      }),
    ).cells;

  it('are green for the honest node with every image, also where nobody else can decide the height', () => {
    for (const of of [
      four(),
      four().fault({ ...event('height.start', { height: 2 }), node: 'D' }, { type: 'crash', nodes: ['D'], restartMs: 900 }),
    ]) {
      const cells = cellsOf(of);
      expect(cells.filter(({ point }) => point.site === 'signer.write')).to.have.length.greaterThan(20);
      expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    }
  }).timeout(60_000);

  it('are red where the file is not synced: what was removed is gone, and what took its place is not there', () => {
    const failures = cellsOf(four(), 'signer-unsynced').flatMap((cell) => cell.failures.map(({ property }) => property));
    expect([...new Set(failures)]).to.include('no-false-alarm');
  }).timeout(60_000);
});

describe('signers in a file', () => {
  it('are written and read again, in YAML and in TypeScript', () => {
    const { data } = scenario('x', { A: 1, B: 1 })
      .standby('B2', { key: 'B' })
      .signer('B', { refuses: { heights: [2, 3], rounds: { from: 1 }, kinds: ['prevote'] } })
      .signer('B2')
      .node('B2', (b2) => b2.startsLate({ after: '1s', signerOf: 'B' }))
      .fault({ time: 100 }, { type: 'wipe', node: 'B', of: 'log' });
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(data);
    const source = scenarioSource(data);
    expect(source).to.contain(".signer('B2')").and.to.contain("signerOf: 'B'");
    expect(source).to.contain(".signer('B', { refuses: { heights: [2, 3], rounds: { from: 1 }, kinds: ['prevote'] } })");
  });

  it('are refused with their place where they cannot be', () => {
    const told = (yaml: string): string => {
      try {
        parseScenario(`scenario: x\nvalidators: { A: 1, B: 1 }\n${yaml}`, 'x.yaml');
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(told('signers: { E: { file: true } }\n')).to.match(/^x\.yaml:3:12: .*'E'/);
    expect(told('signers: { A: {} }\n')).to.match(/^x\.yaml:3:\d+: .*file/);
    expect(told('fullNodes: [F]\nsigners: { F: { file: true } }\n')).to.contain('F is a full node');
    expect(told('protocol: raft\nsigners: { A: { file: true } }\n')).to.contain('nodes of raft sign nothing');
    expect(told('signers: { A: { file: true, refuses: { heights: [3, 2] } } }\n')).to.contain('end before they begin');
    expect(told('signers: { A: { file: true, refuses: { kinds: [] } } }\n')).to.contain('it refuses nothing');
    const fault = (more: string): string => `faults: [{ at: { time: 1s }, fault: { node: A, ${more} } }]\n`;
    expect(told(fault('type: wipe, of: signer'))).to.contain('the signer of A keeps no file');
    expect(told(fault('type: missing, file: signer'))).to.contain('the signer of A keeps no file');
    const late = (more: string): string =>
      `standbys: { A2: { key: A } }\nsigners: { A: { file: true } }\nnodes: { A2: [{ startsLate: { after: 1s, ${more} } }] }\n`;
    expect(told(late('signerOf: A'))).to.contain('the signer of A2 keeps no file');
    expect(told(late('signerOf: F'))).to.contain("'F'");
    expect(told(late('diskOf: A, signerOf: A'))).to.contain("the disk of A has its signer's file");
  });
});
