/** What the fingerprint of a world must contain: two worlds with one fingerprint are run once, and judged as one. */
import { expect } from 'chai';
import { defaultTiming, newWorld, relevantMemory, type World } from '../../../actors/scheduler/index.ts';
import { nodeProperties } from '../../../checker/node/index.ts';
import { seeded } from '../../../core/choice.ts';
import type { Effect, Message } from '../../../core/effects.ts';
import type { Monitor, Observer, RunEvent, Setting } from '../../../core/events.ts';
import { keyOf } from '../../../core/state-key.ts';
import { defaultLink, Network } from '../../../network-sim/index.ts';
import { SimulatedDisk } from '../../../wal/storage/index.ts';

const memoryKey = (rule: Monitor, memory: unknown, now: number): string => keyOf(relevantMemory(rule, memory, now));

interface Order extends Message {
  readonly effects: readonly Effect[];
}

/** A world of one node that remembers nothing and does what its messages ask for. */
function obedient(): World {
  const world = newWorld({
    specs: [
      {
        name: 'A',
        actors: [
          {
            name: 'hand',
            start: () => 0,
            receive: (state: number, { effects = [] }: Partial<Order>) => ({ state, effects }),
          },
        ],
        position: () => ({ height: 1, round: 0 }),
      },
    ],
    disks: [new SimulatedDisk()],
    network: new Network({ link: defaultLink, links: {} }),
    choices: seeded(1),
    timing: defaultTiming,
    monitors: [],
    keeps: 'nothing',
  });
  world.start('A');
  world.run({});
  return world;
}

function told(world: World, ...effects: readonly Effect[]): World {
  world.tell('A', 'hand', { type: 'order', effects } as Order);
  return world;
}

const disk = (operation: (Effect & { readonly type: 'disk' })['operation']): Effect => ({
  type: 'disk',
  site: 'wal',
  operation,
  tag: 0,
});
const create = disk({ type: 'create', file: 'wal/a' });
const append = disk({ type: 'append', file: 'wal/a', bytes: Uint8Array.of(7) });
const sync = disk({ type: 'sync', file: 'wal/a' });
const timer = (delay: number): Effect => ({ type: 'timer.set', timer: 'x', delay });

describe('the fingerprint of a world', () => {
  it('holds how much of what is pending a sync under way will make durable', () => {
    const [early, late] = [
      [append, sync, append],
      [append, append, sync],
    ].map((effects) => {
      const world = told(obedient(), create, ...effects);
      world.run({ time: 500 });
      return world;
    });
    expect(keyOf(early?.present())).to.not.equal(keyOf(late?.present()));
    for (const world of [early, late]) world?.run({ time: 10_000 });
    expect(early?.disk('A').pending()).to.have.length(2);
    expect(late?.disk('A').pending()).to.have.length(1);
  });

  it('holds which of the timers that came for a paused node will still elapse', () => {
    const [second, first] = [
      [timer(10), timer(15)],
      [timer(15), timer(10)],
    ].map((timers) => {
      const world = told(obedient(), ...timers);
      world.run({ time: 2_000 });
      world.pause('A');
      world.run({ time: 20_000 });
      return world;
    });
    expect(keyOf(second?.present())).to.not.equal(keyOf(first?.present()));
  });

  it('holds whether a restart is still expected', () => {
    const [before, after] = [true, false].map((isBefore) => {
      const world = obedient();
      world.die('A', 'kill');
      const restart = (): void => world.schedule(1000, { type: 'restart' }, 'A');
      if (isBefore) restart();
      world.start('A');
      if (!isBefore) restart();
      world.run({ time: world.now });
      return world;
    });
    expect(after?.observer.isExpected('A')).to.not.equal(before?.observer.isExpected('A'));
    expect(keyOf(after?.present())).to.not.equal(keyOf(before?.present()));
  });
});

describe('the fingerprint of what a property remembers', () => {
  it('holds what was found, and not only how often', () => {
    const nobody = { isFaulty: () => false } as unknown as Observer;
    const judging: string[] = [];
    for (const property of nodeProperties) {
      const monitor = property.monitor({} as Setting);
      const [one, other, later] = [
        { reason: 'it threw x', index: 3 },
        { reason: 'it threw y', index: 3 },
        { reason: 'it threw x', index: 4 },
      ].map((stop) => {
        const stopped = {
          type: 'stopped',
          time: 0,
          cause: 0,
          node: 'A',
          life: 0,
          threw: true,
          code: 'CORRUPT',
          ...stop,
        } as RunEvent;
        return monitor.look(monitor.start, stopped, nobody);
      });
      if (monitor.finish(one, nobody).verdict !== 'violated') continue;
      judging.push(property.name);
      expect(memoryKey(monitor, one, 0), property.name).to.not.equal(memoryKey(monitor, other, 0));
      expect(memoryKey(monitor, one, 0), 'at which event does not count').to.equal(memoryKey(monitor, later, 0));
    }
    expect(judging).to.include('no-exception');
  });
});
