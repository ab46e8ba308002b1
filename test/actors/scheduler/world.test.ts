import { expect } from 'chai';
import { type ActorSpec, defaultTiming, type NodeSpec, newWorld, type World } from '../../../actors/scheduler/index.ts';
import { type ChoiceSource, recorded, recording, seeded } from '../../../core/choice.ts';
import type { Effect, Message, Step } from '../../../core/effects.ts';
import type { Monitor } from '../../../core/events.ts';
import { keyOf } from '../../../core/state-key.ts';
import { defaultLink, Network } from '../../../network-sim/index.ts';
import { runScenario, scenario } from '../../../scenarios/index.ts';
import { SimulatedDisk } from '../../../wal/storage/index.ts';

interface Ball extends Message {
  readonly type: 'ball' | 'boot' | 'timer' | 'disk.answer';
  readonly count?: number;
}

/** Writes each ball down, then passes it on; starts one by itself when it has heard nothing for 50 ms. */
function player(name: string, peers: readonly string[]): NodeSpec {
  const network: ActorSpec = {
    name: 'network',
    start: () => ({ heard: 0 }),
    receive: (state: { heard: number }, message: Ball): Step<unknown> => {
      if (message.type === 'boot')
        return { state, effects: [disk('create', 'notes'), { type: 'timer.set', timer: 'serve', delay: 50 }] };
      if (message.type === 'disk.answer') return { state, effects: [] };
      const count = (message.count ?? 0) + 1;
      const ball = { type: 'ball', count } as const;
      return {
        state: { heard: state.heard + 1 },
        effects: [
          {
            type: 'disk',
            site: 'wal.append',
            operation: { type: 'append', file: 'notes', bytes: Uint8Array.of(count & 255) },
            tag: 0,
          },
          disk('sync', 'notes'),
          { type: 'transmit', site: 'publish', to: peers, data: ball },
          { type: 'timer.set', timer: 'serve', delay: 50 },
        ],
      };
    },
  };
  return { name, actors: [network], position: () => ({ height: 1, round: 0 }) };
}

function disk(type: 'create' | 'sync', file: string): Effect {
  return { type: 'disk', site: `wal.${type === 'sync' ? 'flush' : type}`, operation: { type, file }, tag: 0 };
}

/** Counts what the wire carries. */
const counter: Monitor<number> = {
  watches: ['effect transmit'],
  start: 0,
  look: (count) => count + 1,
  finish: () => ({ verdict: 'held', violations: [] }),
};

function game(
  options: { seed?: number; lossPerMille?: number; choices?: ChoiceSource; monitors?: readonly Monitor[] } = {},
): World {
  const names = ['A', 'B', 'C'];
  const link = { ...defaultLink, delay: [5_000, 15_000], lossPerMille: options.lossPerMille ?? 0 };
  const world = newWorld({
    specs: names.map((name) => player(name, names.filter((other) => other !== name).slice(0, 1))),
    disks: names.map(() => new SimulatedDisk()),
    network: new Network({ link, links: {} }),
    choices: options.choices ?? seeded(options.seed ?? 1),
    timing: defaultTiming,
    monitors: options.monitors ?? [],
    keeps: 'events',
  });
  for (const name of names) world.start(name);
  return world;
}

describe('the scheduler', () => {
  it('ends two runs of one seed with one hash, and another seed with another', () => {
    const runs = [1, 1, 2].map((seed) => {
      const world = game({ seed });
      world.run({ time: 2_000_000 });
      return world.hash;
    });
    expect(runs[0]).to.equal(runs[1]);
    expect(runs[0]).to.not.equal(runs[2]);
  });

  it('has another fingerprint where something that can still matter is another', () => {
    const balls = (counts: readonly number[], isPaused: boolean): World => {
      const world = game();
      world.run({ time: 1_000 });
      if (isPaused) world.pause('A');
      for (const count of counts) world.tell('A', 'network', { type: 'ball', count } as Message);
      if (isPaused) for (let step = 0; step < counts.length; step += 1) world.step();
      return world;
    };
    for (const isPaused of [false, true]) {
      const [first, again, turned, other] = [
        [1, 2],
        [1, 2],
        [2, 1],
        [1, 3],
      ].map((counts) => keyOf(balls(counts, isPaused).present()));
      expect(again).to.equal(first);
      expect(turned, `in another order, paused: ${isPaused}`).to.not.equal(first);
      expect(other, `another message, paused: ${isPaused}`).to.not.equal(first);
    }
    const settling = new Network({ link: defaultLink, links: {}, gst: { time: 500_000, bound: 1_000 } });
    expect(keyOf(settling.present(100_000))).to.not.equal(keyOf(settling.present(400_000)));
    expect(keyOf(settling.present(600_000))).to.equal(keyOf(settling.present(900_000)));
  });

  it('is watched by several monitor sets at once, each of which sees what it would have seen alone', () => {
    const world = game({ monitors: [counter, counter] });
    world.run({ time: 300_000 });
    const alone = world.fork();
    const both = world.fork(world.memories.map((column) => [...column, counter.start]));
    for (const fork of [alone, both, both.fork()]) fork.run({ time: 600_000 });
    const counts = (watched: World): readonly unknown[] => watched.memories.flat();
    const [before] = counts(world) as [number];
    const [after] = counts(alone) as [number];
    expect(after).to.be.greaterThan(before);
    expect(counts(both)).to.deep.equal([after, after - before, after, after - before]);
    expect(keyOf(both.present({ monitors: 'all' }))).to.equal(keyOf(alone.present({ monitors: 'all' })));
    expect(keyOf(both.present())).to.not.equal(keyOf(alone.present()));
    expect(counts(world), 'a fork leaves what it came from alone').to.deep.equal([before, before]);
  });

  it('says whether anybody beside a node has asked for its disk', () => {
    const world = game();
    world.run({ time: 300_000 });
    expect(world.isDiskSeen('A')).to.equal(false);
    world.observer.fileNames('A', '');
    expect([world.isDiskSeen('A'), world.isDiskSeen('B')]).to.deep.equal([true, false]);
    expect(world.fork().isDiskSeen('A')).to.equal(false);
  });

  it('plays a recorded run again under another seed, and counts what the record does not answer', () => {
    const { source, record } = recording(seeded(1));
    const first = game({ lossPerMille: 100, choices: source });
    first.run({ time: 2_000_000 });
    const source2 = recorded(record(), seeded(999));
    const again = game({ lossPerMille: 100, choices: source2 });
    again.run({ time: 2_000_000 });
    expect(again.hash).to.equal(first.hash);
    expect(source2.missed()).to.equal(0);
    const [key = ''] = Object.keys(record());
    const { [key]: _gone, ...less } = record();
    const source3 = recorded(less, seeded(1));
    const third = game({ lossPerMille: 100, choices: source3 });
    third.run({ time: 2_000_000 });
    expect(third.hash).to.equal(first.hash);
    expect(source3.missed()).to.be.greaterThan(0);
  });

  it('forks at a hundred points, and both go on to the same end', () => {
    const world = game({ lossPerMille: 100 });
    const forks: World[] = [];
    for (let i = 0; i < 100; i += 1) {
      forks.push(world.fork());
      world.run({ steps: 5 });
    }
    const last = world.steps;
    for (const fork of forks) {
      fork.run({ until: ({ steps }) => steps >= last });
      expect(fork.hash).to.equal(world.hash);
      expect([...fork.trace.events()].length).to.equal([...world.trace.events()].length);
    }
  });

  it('lets a fork go its own way without touching the original', () => {
    const world = game();
    world.run({ time: 300_000 });
    const before = world.hash;
    const fork = world.fork();
    fork.die('B', 'power');
    fork.run({ time: 900_000 });
    expect(world.hash).to.equal(before);
    expect(world.isUp('B')).to.equal(true);
    expect(fork.isUp('B')).to.equal(false);
  });

  it('strikes before, torn or after the crash point that a death waits for, and brings the node back in a new life', () => {
    for (const phase of ['before', 'torn', 'after'] as const) {
      const world = game();
      world.arm({ node: 'B', site: 'wal.flush', phase, remaining: 2, kind: 'power', restartAfterMs: 100 });
      world.run({ time: 2_000_000 });
      const death = [...world.trace.events()].find(({ type }) => type === 'death');
      expect(death).to.include({ type: 'death', node: 'B', at: `B@1.0/wal.flush~2:${phase}` });
      expect(world.life('B')).to.equal(1);
      expect(world.isUp('B')).to.equal(true);
    }
  });

  it('loses what was appended and not synced by a power loss, and keeps it through a kill', () => {
    const left = (kind: 'kill' | 'power'): number => {
      const world = game();
      world.run({ until: ({ steps }) => steps > 60 });
      world.arm({ node: 'B', site: 'wal.flush', phase: 'before', kind });
      world.run({ until: (now) => !now.isUp('B') });
      return world.disk('B').exists('notes') ? world.disk('B').size('notes') : 0;
    };
    expect(left('kill')).to.be.greaterThan(left('power'));
  });

  it('takes a node down whose actor throws, and says so', () => {
    const thrower: NodeSpec = {
      name: 'A',
      actors: [
        {
          name: 'network',
          start: () => 0,
          receive: () => {
            throw new Error('no such vote');
          },
        },
      ],
      position: () => ({ height: 1, round: 0 }),
    };
    const parts = { disks: [new SimulatedDisk()], network: new Network({ link: defaultLink, links: {} }), choices: seeded(1) };
    const world = newWorld({ ...parts, specs: [thrower], timing: defaultTiming, monitors: [], keeps: 'events' });
    world.start('A');
    expect(world.run({})).to.equal('idle');
    expect([...world.trace.events()].at(-1)).to.include({
      type: 'stopped',
      threw: true,
      reason: 'network threw Error: no such vote',
    });
  });

  it('reports a limit that was reached instead of hiding it', () => {
    expect(game().run({ steps: 10 })).to.equal('steps');
    expect(game().run({ time: 1_000 })).to.equal('time');
  });

  it('gives a run up whose time does not move on', () => {
    // Raft with one member is refused where a file or a test asks for it.
    const { data } = scenario('answers itself', { A: 1 }).protocol('raft').until({ time: '1s' });
    const { verdict, end, complaints } = runScenario(data);
    expect({ verdict, end }).to.deep.equal({ verdict: 'undecided', end: 'instant' });
    expect(complaints[0]).to.match(
      /^given up at an instant at which ever more is delivered .*, after \d+ deliveries and \d+ ms$/,
    );
  });
});
