/** The judge believes nothing that the judged says: nodes that hide what they do, or that are compared by their own words, are red. */
import { expect } from 'chai';
import { type TendermintConfig, tendermint } from '../../actors/tendermint/index.ts';
import { deepEqual, differingFields } from '../../checker/deep-equal.ts';
import { crashIsPause } from '../../checker/node/index.ts';
import { isOwnMessage } from '../../checker/tendermint/index.ts';
import { ScriptDirector } from '../../scenarios/director.ts';
import { alterationOf, buildWorld, event, type Run, runScenario, scenario } from '../../scenarios/index.ts';
import { SimulatedDisk } from '../../wal/storage/index.ts';

const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 4 });
const killed = scenario('B is killed', { A: 1, B: 1, C: 1, D: 1 })
  .node('B', (b) =>
    b
      .waitUntil(event('publish', { type: 'precommit', height: 2 }))
      .kill()
      .restart({ after: '50ms' }),
  )
  .until({ height: 5 });
const powerless = scenario('B loses what it had not flushed', { A: 1, B: 1, C: 1, D: 1 })
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote', height: 2 }))
      .crash()
      .restart({ after: '50ms' }),
  )
  .until({ height: 6 });

const broken = (run: Run): readonly string[] =>
  run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);

describe('the judge', () => {
  const cases: readonly (readonly [exhibit: string, property: string, of: typeof four])[] = [
    ['own-frames-unwritten', 'write-ahead', four],
    ['votes-labelled-relay', 'write-ahead', four],
    ['certificates-ungated', 'write-ahead', four],
    ['lost-vote-said-again', 'write-ahead', powerless],
    ['proposal-not-sent-again', 'says-again', powerless],
    ['messages-not-sent-again', 'says-again', killed],
    ['timers-not-set-again', 'crash-is-pause', killed],
    ['questions-not-asked-again', 'crash-is-pause', killed],
  ];
  for (const [exhibit, property, of] of cases)
    it(`finds ${exhibit} by ${property}, and the honest node holds there`, () => {
      expect(broken(runScenario(withPoints(of.data, exhibit), { exhibit }))).to.include(property);
      expect(broken(runScenario(withPoints(of.data, exhibit)))).to.deep.equal([]);
    });

  it('finds a decision that goes to the application before its frame is durable', () => {
    expect(broken(runScenario(four.data, { exhibit: 'decides-before-flush' }))).to.include('write-ahead');
  });

  it('says that nothing was compared where a death within a step left no state to compare with', () => {
    const { data } = scenario('the proposer dies within its step', { A: 10, B: 10, C: 40 })
      .proposer(3, 0, 'C')
      .node('C', (c) =>
        c
          .waitUntil(event('proposal.local', { height: 3 }))
          .crash({ after: 'wal.flush' })
          .restart({ after: '5s' }),
      );
    const { properties } = runScenario(data);
    const found = properties.find(({ name }) => name === 'replay-equivalence');
    expect(found?.verdict).to.equal('undecided');
    expect(found?.message).to.match(/^no state was compared: 1 recovery ended within a step/);
    expect(properties.find(({ name }) => name === 'crash-is-pause')?.verdict).to.equal('held');
  });

  it('does not call crash-is-pause held where nobody died', () => {
    expect(runScenario(four.data).properties.find(({ name }) => name === 'crash-is-pause')?.verdict).to.equal('undecided');
  });

  it('refuses a definition that leaves out what decides its votes', () => {
    const property = crashIsPause((config: TendermintConfig) => ({ ...tendermint(config), leftOut: ['core'] }), isOwnMessage);
    const world = buildWorld(killed.data, {
      seed: 1,
      keeps: 'hash',
      properties: [property],
      director: new ScriptDirector(killed.data),
    });
    expect(() =>
      world.run({ until: (now) => now.nodes.every((name) => now.position(name).height >= 5), time: 60_000_000 }),
    ).to.throw(/must not be left out/);
  });

  it('finds a lock that replay forgets, by its own comparison', () => {
    const property = crashIsPause(tendermint, isOwnMessage);
    const alteration = alterationOf('lock-forgotten', undefined);
    if (alteration === undefined) throw new Error('no exhibit');
    const parts = {
      seed: 1,
      keeps: 'hash',
      properties: [property],
      director: new ScriptDirector(killed.data),
      alteration,
    } as const;
    const world = buildWorld(killed.data, parts);
    world.run({ until: (now) => now.nodes.every((name) => now.position(name).height >= 5), time: 60_000_000 });
    expect(world.verdicts()[0]?.violations[0]?.message).to.match(/is not in the same state \(core\)/);
  });
});

describe('no-false-alarm', () => {
  // The header of its first segment finds no room: the file holds nothing, and the node stops. That is no damage.
  const { data } = scenario('a header that finds no room', { A: 1, B: 1, C: 1, D: 1 })
    .fault({ timeMs: 0 }, { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 0, file: 'wal', restartMs: 200 })
    .until({ height: 12 });

  it('finds a node that calls what a refused write has left damage, which comes-back does not', () => {
    const run = runScenario(data, { exhibit: 'unborn-called-corrupt' });
    expect(broken(run)).to.deep.equal(['no-false-alarm']);
    const message = run.properties.find(({ name }) => name === 'no-false-alarm')?.message;
    expect(message).to.match(/^B called its disk damaged \(.*\), though nothing had damaged its disk/);
  });

  it('holds for the honest node, which stops for the write and comes back', () => {
    const run = runScenario(data);
    expect(broken(run)).to.deep.equal([]);
    expect(run.properties.find(({ name }) => name === 'no-false-alarm')?.verdict).to.equal('held');
  });
});

/** A proposer that dies over its own proposal, for exhibits that need one. */
function withPoints(data: typeof four.data, exhibit: string): typeof four.data {
  if (exhibit !== 'proposal-not-sent-again' && exhibit !== 'questions-not-asked-again') return data;
  const site = exhibit === 'proposal-not-sent-again' ? 'publish' : 'value.get';
  const trigger = { node: 'A', site, phase: 'after', nth: 1 } as const;
  return { ...data, scripts: {}, faults: [{ trigger, fault: { type: 'kill', nodes: ['A'], restartMs: 50 } }] };
}

describe('durable', () => {
  for (const type of ['lost-write', 'misdirected'] as const)
    it(`means the bytes of the page cache: not so after a ${type}`, () => {
      const disk = new SimulatedDisk();
      disk.create('f');
      disk.syncDirectory('');
      disk.append('f', new Uint8Array(600).fill(1));
      disk.sync('f');
      disk.inject({ type, id: 'x', file: 'f' });
      disk.append('f', new Uint8Array(600).fill(2));
      disk.sync('f');
      disk.append('f', new Uint8Array(600).fill(3));
      disk.sync('f');
      expect(disk.isDurable('f', 600, 1200)).to.equal(false);
      disk.powerLoss('none');
      expect(disk.read('f', 600, 600).every((byte) => byte === 2)).to.equal(false);
    });
});

describe('equality of the checker', () => {
  it('compares by value, whatever the order of keys and the place in a buffer', () => {
    const bytes = Uint8Array.of(9, 1, 2, 3);
    expect(deepEqual({ a: 1, b: bytes.subarray(1) }, { b: Uint8Array.of(1, 2, 3), a: 1 })).to.equal(true);
    expect(deepEqual(new Map([['x', { y: [1] }]]), new Map([['x', { y: [1] }]]))).to.equal(true);
    expect(deepEqual({ a: undefined }, {})).to.equal(true);
  });

  it('tells everything else apart', () => {
    const pairs: readonly (readonly [unknown, unknown])[] = [
      [{ a: 1 }, { a: 2 }],
      [{}, { a: 1 }],
      [
        [1, 2],
        [2, 1],
      ],
      [[1], { 0: 1 }],
      [null, {}],
      [Uint8Array.of(1), Uint8Array.of(2)],
      [Uint8Array.of(1), [1]],
      [new Map([['x', 1]]), new Map([['y', 1]])],
      [0, -0],
      ['1', 1],
    ];
    for (const [a, b] of pairs) {
      expect(deepEqual(a, b), JSON.stringify([a, b])).to.equal(false);
      expect(deepEqual(b, a), JSON.stringify([b, a])).to.equal(false);
    }
  });

  it('refuses what it cannot compare', () => {
    expect(() => deepEqual(new Set([1]), new Set([1]))).to.throw(TypeError, 'Set');
    expect(() => deepEqual(() => 1, 1)).to.throw(TypeError, 'function');
  });

  it('names the fields that differ, but for those that are left out', () => {
    expect(differingFields({ a: 1, b: 2, early: 3 }, { a: 1, b: 3, early: 4 }, ['early'])).to.deep.equal(['b']);
  });
});
