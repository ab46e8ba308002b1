/** An application with a store of its own: where the blocks are, short of them, ahead of them, lost, or diverged; and broken nodes that must turn red. */
import { expect } from 'chai';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints } from '../../campaigns/index.ts';
import { Encoder } from '../../core/cbor.ts';
import type { Effect } from '../../core/effects.ts';
import { committingFirst, withHandshake } from '../../museum/application-broken.ts';
import { withPlanner } from '../../museum/planner.ts';
import { withoutDisk, wrapActor } from '../../museum/wrap.ts';
import {
  brokenNode,
  event,
  type Fault,
  momentOf,
  type Run,
  runScenario,
  type Scenario,
  scenario,
} from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';
import { commitApplication, sourceOf } from '../../wal/index.ts';

const four = (app: Parameters<Scenario['app']>[0] = {}) =>
  scenario('own store', { A: 1, B: 1, C: 1, D: 1 }).app({ store: 'own', ...app });
const violated = (run: Run): readonly string[] =>
  run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
const messageOf = (run: Run, name: string): string => run.properties.find((one) => one.name === name)?.message ?? '';
const stops = (run: Run): readonly unknown[] =>
  run.incidents.filter(({ kind }) => kind === 'stopped').map(({ node, code }) => [node, code]);
/** What B reports of its application, in its order. */
const told = (run: Run): readonly unknown[] =>
  [...run.world.trace.events()].flatMap((one) => {
    const moment = momentOf(one);
    if (moment?.node !== 'B' || !moment.name.startsWith('app.')) return [];
    const { height, behind, reason } = moment.detail;
    return [[moment.name.slice(4), reason ?? height, ...(behind === undefined ? [] : [behind])]];
  });
/** B dies at this height, when its block is durable and its application has not committed it. */
const between = (height: number, of: Scenario<'A' | 'B' | 'C' | 'D'>, type: 'crash' | 'kill' = 'crash') =>
  of.fault({ point: `B@${height}.0/store.flush~1:after` }, { type, nodes: ['B'], restartMs: 50 }).until({ time: '700ms' });

describe('an application with a store of its own', () => {
  it('is where the blocks are at a first start, and executes again the block that it has not committed', () => {
    const run = between(4, four()).run();
    expect(run.complaints).to.deep.equal([]);
    expect(told(run)).to.deep.equal([
      ['restored', 0, 0],
      ['restored', 3, 1],
      ['replayed', 4],
    ]);
    expect(run.heights).to.be.greaterThan(8);
  });

  it('executes two blocks again where it is durable at every third height, and fewer after a kill', () => {
    const lost = between(5, four({ flushEvery: 3 })).run();
    expect(lost.complaints).to.deep.equal([]);
    expect(told(lost)).to.deep.equal([
      ['restored', 0, 0],
      ['restored', 3, 2],
      ['replayed', 4],
      ['replayed', 5],
    ]);
    const killed = between(5, four({ flushEvery: 3 }), 'kill').run();
    expect(told(killed)).to.deep.equal([
      ['restored', 0, 0],
      ['restored', 4, 1],
      ['replayed', 5],
    ]);
  });

  it('takes part in nothing before it is there', () => {
    const run = between(5, four({ flushEvery: 3 })).run();
    const events = [...run.world.trace.events()].filter(({ node, life }) => node === 'B' && life === 1);
    const last = events.findLastIndex((one) => momentOf(one)?.name === 'app.replayed');
    const early = events.slice(0, last).filter((one) => one.type === 'effect' && one.effect.type === 'transmit');
    expect(last).to.be.greaterThan(10);
    expect(early).to.deep.equal([]);
  });

  it('stays as it was where nothing is said: the state is part of the block', () => {
    const plain = scenario('own store', { A: 1, B: 1, C: 1, D: 1 });
    const of = (one: Scenario<'A' | 'B' | 'C' | 'D'>): Run => between(4, one).run();
    expect(of(plain.app({ store: 'block' })).hash).to.equal(of(plain).hash);
    expect(told(of(plain))).to.deep.equal([]);
    expect(of(four().variants({ name: 'x', app: { store: 'block' } })).hash).to.equal(of(plain).hash);
    expect(of(plain.variants({ name: 'x', app: { store: 'own' } })).hash).to.equal(of(four()).hash);
  });

  it('goes with full nodes and with nodes that abstain', () => {
    const run = four()
      .fullNodes('F')
      .wal({ onCorrupt: 'abstain' })
      .fault({ time: 200 }, { type: 'crash', nodes: ['F'], restartMs: 60 })
      .fault({ ...event('publish', { height: 3 }), node: 'B' }, { type: 'wipe', node: 'B' })
      .fault({ time: 900 }, { type: 'wipe', node: 'F' })
      .until({ time: '4s' })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.marks['wal.votes-again']).to.equal(1);
    expect(run.incidents.filter(({ isOver }) => !isOver)).to.deep.equal([]);
  });

  it('has executed the block that the log brings back to a store which has lost it, or executes it then', () => {
    for (const flushEvery of [1, 3]) {
      const run = four({ flushEvery })
        .fault({ point: 'B@5.0/segment.prune~1:before' }, { type: 'crash', nodes: ['B'] })
        .fault({ ...event('crash'), node: 'B' }, { type: 'bit-flip', node: 'B', frame: 'last', file: 'blocks' })
        .until({ time: '1s' })
        .run();
      expect(run.complaints).to.deep.equal([]);
      expect(run.marks['wal.store-behind']).to.equal(1);
      const [, restored] = told(run);
      expect(restored).to.deep.equal(flushEvery === 1 ? ['restored', 5, 0] : ['restored', 3, 2]);
    }
  });
});

describe('an application that is ahead of the block store', () => {
  const older = (how: Partial<Fault> = {}) =>
    four().fault({ ...event('height.start', { height: 3 }), node: 'B' }, {
      type: 'old-snapshot',
      node: 'B',
      afterMs: 100,
      of: 'log',
      ...how,
    } as Fault);

  it('stops its node with both heights, again at each start, and nothing on its disk is changed', () => {
    const run = older()
      .node('B', (b) =>
        b
          .waitUntil(event('restart'))
          .untilStopped({ within: '20ms' })
          .restart({ after: '50ms' })
          .untilStopped({ within: '20ms' }),
      )
      .until({ height: 14 })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(stops(run)).to.deep.equal([
      ['B', 'APPLICATION_AHEAD'],
      ['B', 'APPLICATION_AHEAD'],
    ]);
    const [{ reason = '' } = {}] = run.incidents;
    expect(reason).to.match(/the application has executed height [45], and the block store ends at height 2/);
    const removed = [...run.world.trace.events()].filter(
      (one) => one.node === 'B' && one.life > 0 && one.type === 'effect' && one.effect.type === 'disk',
    );
    const kinds = removed.map((one) => one.type === 'effect' && one.effect.type === 'disk' && one.effect.operation.type);
    expect([...new Set(kinds)].sort()).to.deep.equal(['list', 'read']);
  });

  it('stops a node that would abstain, too: it would meet the same', () => {
    const run = older().wal({ onCorrupt: 'abstain' }).until({ time: '1s' }).run();
    expect(run.complaints).to.deep.equal([]);
    expect(stops(run)).to.deep.equal([['B', 'APPLICATION_AHEAD']]);
  });

  it('owes nothing where its disk has lost the blocks, and nobody else owes its votes', () => {
    const run = older({ keepCorrect: true } as Partial<Fault>)
      .until({ time: '2s' })
      .run();
    expect(violated(run)).to.deep.equal([]);
    expect(run.world.observer.isFaulty('B')).to.equal(false);
  });
});

describe("an application's own store that is lost", () => {
  for (const [code, fault] of [
    ['GONE', { type: 'wipe', node: 'B', of: 'app' }],
    ['GONE', { type: 'missing', node: 'B', file: 'app' }],
    ['CORRUPT', { type: 'lost-tail', node: 'B', bytes: 3, file: 'app' }],
    ['CORRUPT', { type: 'bit-flip', node: 'B', frame: 'last', file: 'app' }],
    ['CORRUPT', { type: 'unreadable', node: 'B', frame: 'last', file: 'app' }],
  ] as const satisfies readonly (readonly [string, Fault])[]) {
    it(`by ${fault.type} begins at height 0, and all blocks are executed again if they are kept`, () => {
      const run = four()
        .fault({ ...event('height.start', { height: 4 }), node: 'B' }, fault)
        .until({ time: '1s' })
        .run();
      expect(run.complaints).to.deep.equal([]);
      const expected = [
        ['restored', 0, 0],
        ['anew', code],
        ['restored', 0, 3],
        ['replayed', 1],
        ['replayed', 2],
        ['replayed', 3],
      ];
      expect(told(run)).to.deep.equal(expected);
      const pruned = four({ keepBlocks: 3 })
        .fault({ ...event('height.start', { height: 5 }), node: 'B' }, fault)
        .until({ time: '1s' })
        .run();
      expect(pruned.complaints).to.deep.equal([]);
      expect(stops(pruned)).to.deep.equal([['B', 'APPLICATION_BEHIND_PRUNED']]);
    });
  }

  it('or put back from a backup is older than the blocks, and catches up', () => {
    const run = four()
      .fault({ ...event('height.start', { height: 3 }), node: 'B' }, { type: 'old-snapshot', node: 'B', afterMs: 100, of: 'app' })
      .until({ time: '1s' })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.world.observer.isFaulty('B')).to.equal(false);
    expect(told(run).slice(1, 3)).to.deep.equal([
      ['restored', 2, 2],
      ['replayed', 3],
    ]);
  });

  it('or cannot be written stops the node, which comes back', () => {
    for (const fault of [
      { type: 'write-fails', node: 'B', file: 'app', restartMs: 20, code: 'ENOSPC', written: 7 },
      { type: 'fsync-fails', node: 'B', file: 'app', restartMs: 20, fileSystem: 'ext4' },
    ] as const) {
      const run = four().fault({ time: '60ms' }, fault).until({ time: '1s' }).run();
      expect(run.complaints).to.deep.equal([]);
      expect(stops(run)).to.deep.equal([['B', 'APPLICATION_STORE_FAILED']]);
    }
  });
});

describe('an application that computes something else after an upgrade', () => {
  const upgraded = (of: Scenario<'A' | 'B' | 'C' | 'D'>) =>
    of.application('executes-otherwise', { nodes: ['B'], lives: { from: 1 } });

  it('halts its node at the handshake where it executes a stored block again, before it takes part', () => {
    const run = between(4, upgraded(four())).run();
    expect(run.complaints).to.deep.equal([]);
    expect(stops(run)).to.deep.equal([['B', 'APPLICATION_DIVERGED']]);
    expect(run.incidents[0]?.reason).to.match(
      /^after height 4 the application's state is [0-9a-f]{8}, and block 4 was stored with [0-9a-f]{8}: the application has executed otherwise/,
    );
    expect(told(run)).to.deep.equal([
      ['restored', 0, 0],
      ['restored', 3, 1],
    ]);
  });

  it('halts it one decision later where there is nothing to execute again', () => {
    const run = upgraded(four())
      .fault({ ...event('height.start', { height: 4 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 50 })
      .until({ time: '700ms' })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(stops(run)).to.deep.equal([['B', 'APPLICATION_DIVERGED']]);
    expect(run.incidents[0]?.reason).to.match(/of height 5 was made on another state/);
  });

  it('is caught where its node goes on: by what it writes to its own store, against the block', () => {
    const run = runScenario(between(4, upgraded(four())).data, { exhibit: 'divergence-unnoticed' });
    expect(violated(run)).to.include('integrity');
    expect(messageOf(run, 'integrity')).to.match(
      /^B wrote another state of its application after height 4 than the one that block 4 was stored with/,
    );
  });
});

describe('broken nodes whose application has a store of its own', () => {
  const cbor = new Encoder({ useRecords: false, tagUint8Array: false });
  const judged = (of: Scenario<'A' | 'B' | 'C' | 'D'>, exhibit: string): Run => {
    expect(violated(of.run()), 'the honest node').to.deep.equal([]);
    return runScenario(of.data, { exhibit, record: true });
  };

  it('that commits first and then stops as it should is red: nothing but a death had happened to it', () => {
    const name = brokenNode('commits-first', { spec: committingFirst });
    const story = four()
      .fault({ point: 'B@4.0/store.flush~1:before' }, { type: 'crash', nodes: ['B'], restartMs: 50 })
      .until({ time: '700ms' });
    const run = judged(story, name);
    expect(stops(run)).to.deep.equal([['B', 'APPLICATION_AHEAD']]);
    expect(violated(run)).to.have.members(['comes-back', 'integrity']);
    expect(messageOf(run, 'integrity')).to.match(/wrote the state of its application after height 1 before block 1 was durable/);
  });

  it('that goes on where it is ahead executes a height twice', () => {
    const name = brokenNode('goes-on-ahead', {
      parts: (parts) =>
        withPlanner(parts, (plan) => (contents, salt) => {
          const blank = plan(new Map([...contents].filter(([file]) => !file.startsWith('app/'))), salt);
          const state = { height: blank.storedHeight + 1, state: new Uint8Array(cbor.encode({ height: 9, digest: 9 })) };
          const { file, steps } = commitApplication({ ...state, files: [], next: 900 }, state, true);
          return blank.storedHeight === 0
            ? plan(contents, salt)
            : { ...blank, steps: [...blank.steps, ...steps], application: file };
        }),
    });
    const run = judged(between(4, four()), name);
    expect(violated(run)).to.include('integrity');
    expect(messageOf(run, 'integrity')).to.match(
      /^B wrote the state of its application after height 5 before block 5 was durable/,
    );
  });

  it('that writes another state than it has is red by the bytes, long before anybody reads them', () => {
    const other = (effect: Effect): Effect => {
      if (effect.type !== 'disk' || effect.operation.type !== 'append' || effect.site !== 'app.write') return effect;
      const height = Number(new DataView(effect.operation.bytes.buffer, effect.operation.bytes.byteOffset).getBigUint64(8));
      const state = { height, state: new Uint8Array(cbor.encode({ height, digest: 5 })) };
      const [, written] = commitApplication({ ...state, files: [], next: 0 }, state, false).steps;
      const bytes = written !== undefined && 'operation' in written && 'bytes' in written.operation && written.operation.bytes;
      return bytes === false ? effect : { ...effect, operation: { ...effect.operation, bytes } };
    };
    const name = brokenNode('writes-another-state', {
      spec: (spec) =>
        wrapActor(spec, 'host', (receive) => (state, message, from) => {
          const step = receive(state, message, from);
          return { ...step, effects: step.effects.map(other) };
        }),
    });
    const run = judged(four().until({ height: 4 }), name);
    expect(messageOf(run, 'integrity')).to.match(
      /wrote a state of its application after height 1 that is not the fold of its decisions/,
    );
  });

  it('that executes a block twice at its start stops by its own fault; where it does not stop, the state shows it', () => {
    const repeated = (missing: readonly unknown[]): never => [...missing, ...missing.slice(-1)] as never;
    const twice = brokenNode('executes-twice', { parts: (parts) => withHandshake(parts, { repeated }) });
    const stopped = judged(between(4, four()), twice);
    expect(stops(stopped)).to.deep.equal([['B', 'APPLICATION_DIVERGED']]);
    expect(violated(stopped)).to.deep.equal(['comes-back']);
    const blind = brokenNode('executes-twice-blindly', {
      parts: (parts) => withHandshake(parts, { repeated, difference: () => undefined }),
    });
    expect(violated(judged(between(4, four()), blind))).to.include('integrity');
  });

  it('that never makes its application durable cannot come back when blocks are pruned', () => {
    const name = brokenNode('never-durable', {
      parts: (parts) => (parts.ownStore === undefined ? parts : { ...parts, ownStore: { ...parts.ownStore, flushEvery: 1000 } }),
    });
    const run = judged(between(8, four({ keepBlocks: 4 })), name);
    expect(stops(run)).to.deep.equal([['B', 'APPLICATION_BEHIND_PRUNED']]);
    expect(violated(run)).to.deep.equal(['comes-back']);
  });

  it('that does not sync its store, or does not read it, calls it lost, and nothing had damaged it', () => {
    const unsynced = brokenNode('application-unsynced', {
      spec: (spec) => withoutDisk(spec, 'host', ({ site }) => site === 'app.flush'),
    });
    expect(violated(judged(between(4, four()), unsynced))).to.include('no-false-alarm');
    const unread = brokenNode('application-unread', {
      parts: (parts) =>
        withPlanner(parts, (plan) => (contents, salt) => {
          const nothing = sourceOf(new Uint8Array());
          return plan(new Map([...contents].map(([file, bytes]) => [file, file.startsWith('app/') ? nothing : bytes])), salt);
        }),
    });
    expect(violated(judged(between(4, four()), unread))).to.deep.equal(['no-false-alarm']);
  });
});

describe('crash points of a node whose application has a store of its own', () => {
  const cellsOf = (of: Scenario, exhibit?: string) =>
    enumerateCrashpoints(
      crashpointsPlan(of.data, {
        nodes: ['B'],
        heights: '3',
        sites: ['store.append', 'store.flush', 'app.write', 'app.flush', 'app.prune'],
        pending: 2,
        merge: true,
        ...(exhibit === undefined ? {} : { exhibit }),
      }),
    ).cells;

  it('are green for the honest node with every image, at each height and at every second one', () => {
    for (const flushEvery of [1, 2]) {
      const cells = cellsOf(four({ flushEvery }));
      expect(cells.filter(({ point }) => point.site.startsWith('app.'))).to.have.length.greaterThan(flushEvery === 1 ? 12 : 2);
      expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    }
  }).timeout(60_000);

  it('are red where the handshake is left out', () => {
    const cells = cellsOf(four(), 'handshake-skipped').filter(({ failures }) =>
      failures.some(({ property }) => property === 'integrity'),
    );
    expect(cells.length).to.be.greaterThan(3);
  }).timeout(60_000);
});

describe('an own store in a file', () => {
  it('is written and read again, in YAML and in TypeScript', () => {
    const { data } = four({ flushEvery: 3, keepBlocks: 9 })
      .fault({ time: 100 }, { type: 'wipe', node: 'B', of: 'app' })
      .fault({ time: 200 }, { type: 'lost-tail', node: 'B', bytes: 4, file: 'app' })
      .variants({ name: 'x', app: { store: 'own', flushEvery: 2 } });
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(data);
    expect(scenarioSource(data)).to.contain(".app({ keepBlocks: 9, store: 'own', flushEvery: 3 })");
    expect(scenarioSource(four().data)).to.contain(".app({ store: 'own' })");
    expect(formatScenario(scenario('x', { A: 1 }).app({ store: 'block' }).data)).to.not.contain('store');
  });

  it('is refused with its place where it cannot be, and all at once', () => {
    const wrong = (yaml: string): string => {
      try {
        parseScenario(`scenario: x\nvalidators: { A: 1, B: 1 }\n${yaml}`, 'x.yaml');
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(wrong('app: { store: mine }\n')).to.match(/^x\.yaml:3:\d+: .*block.*own/s);
    expect(wrong('app: { store: own, flushEvery: 0 }\n')).to.match(/^x\.yaml:3:\d+: /);
    expect(wrong('app: { flushEvery: 2 }\n')).to.match(/^x\.yaml:3:\d+: .*write `store: own` beside it/);
    expect(wrong('app: { store: own, flushEvery: 5, keepBlocks: 4 }\n')).to.match(/'flushEvery' is 5, and nodes keep 4 blocks/);
    const both = wrong(
      'app: { flushEvery: 2 }\nvariants: [{ name: v, app: { flushEvery: 3 } }]\nfaults: [{ at: { time: 1s }, fault: { type: wipe, node: A, of: app } }]\n',
    );
    expect(both.match(/write `store: own` beside it/g)).to.have.length(2);
    expect(both).to.contain('the application has no store of its own');
    expect(wrong('protocol: raft\napp: { store: own }\n')).to.match(/^x\.yaml:4:\d+: nodes of raft store no blocks/);
    expect(() => scenario('x', { A: 1 }).app({ flushEvery: 2 })).to.throw(
      "scenario 'x': app(): only an application with a store",
    );
  });
});
