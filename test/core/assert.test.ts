/** Invariants: each is provoked through the door of the code that relies on it. */
import { expect } from 'chai';
import { EventHeap } from '../../actors/scheduler/event-heap.ts';
import { defaultTiming, newWorld } from '../../actors/scheduler/index.ts';
import { assert, InvariantError } from '../../core/assert.ts';
import { seeded } from '../../core/choice.ts';
import { defaultLink, Network } from '../../network-sim/index.ts';
import { appendFrame, type BootOptions, birthPlan, Log, SimulatedDisk } from '../../wal/index.ts';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).to.be.an.instanceOf(InvariantError);
    return (error as InvariantError).code;
  }
  return 'nothing thrown';
}

const bootOptions: BootOptions = {
  attest: 'next',
  salt: 2,
  heightOf: () => 1,
  blockAfter: () => Uint8Array.of(1),
  keepBlocks: 10,
};

describe('an invariant', () => {
  it('says nothing while it holds, and throws an error with a stable code and its message when it does not', () => {
    assert(true, 'TOO_MANY_ACTORS');
    expect(() => assert(false, 'TOO_MANY_ACTORS', 'a node has too many')).to.throw(
      InvariantError,
      'a node has too many (TOO_MANY_ACTORS)',
    );
    expect(() => assert(false, 'TOO_MANY_ACTORS')).to.throw(InvariantError, /^TOO_MANY_ACTORS$/);
    expect(codeOf(() => assert(false, 'GATE_NEEDS_DECREASED'))).to.equal('GATE_NEEDS_DECREASED');
  });

  it('ends a node that breaks it: the run reports an actor that threw', () => {
    const receive = (state: unknown) => {
      assert(false, 'GATE_NEEDS_DECREASED');
      return { state, effects: [] };
    };
    const actor = { name: 'network', start: () => 0, receive };
    const world = worldOf([actor]);
    world.start('A');
    world.run({ steps: 10 });
    const stopped = [...world.trace.events()].find(({ type }) => type === 'stopped');
    expect(stopped).to.deep.include({ threw: true, reason: 'network threw InvariantError: GATE_NEEDS_DECREASED' });
  });

  it('keeps a writer from calling frames durable that it has not written', () => {
    const { writer } = birthPlan(1, 0, 0, 7);
    const payload = Uint8Array.of(1);
    expect(codeOf(() => appendFrame({ ...writer, synced: writer.sequence }, 'input', payload))).to.equal('nothing thrown');
    expect(codeOf(() => appendFrame({ ...writer, synced: writer.sequence + 1 }, 'input', payload))).to.equal(
      'SYNCED_ABOVE_SEQUENCE',
    );
  });

  for (const file of ['wal/1.1.wal', 'blocks/blocks.1.wal'])
    it(`keeps a log from going on after somebody else has written to ${file}, and then nothing is changed`, () => {
      const storage = new SimulatedDisk();
      Log.init(storage, 1);
      const log = Log.open(storage, bootOptions);
      const names = (): readonly string[] => ['wal', 'blocks'].flatMap((directory) => storage.list(directory));
      log.append('start', Uint8Array.of(1));
      log.flush();
      expect(storage.size(file)).to.be.greaterThan(0);
      storage.append(file, Uint8Array.of(0));
      const [before, size] = [names(), storage.size(file)];
      expect(codeOf(() => log.advance(Uint8Array.of(1), 3))).to.equal('OFFSET_NOT_FILE_LENGTH');
      expect(names()).to.deep.equal(before);
      expect(storage.size(file)).to.equal(size);
    });

  for (const file of ['wal/1.1.wal', 'blocks/blocks.1.wal'])
    it(`keeps a log from being opened on storage that writes less of ${file} than it was given`, () => {
      class Short extends SimulatedDisk {
        override append(name: string, bytes: Uint8Array): void {
          super.append(name, name === file ? bytes.subarray(1) : bytes);
        }
      }
      const storage = new Short();
      Log.init(storage, 1);
      expect(codeOf(() => Log.open(storage, bootOptions))).to.equal('OFFSET_NOT_FILE_LENGTH');
    });

  it('keeps two entries of a queue from having one order, also after a fork', () => {
    const entry = (order: number) => ({
      time: 1,
      tie: 1,
      order,
      node: 0,
      life: 0,
      cause: -1,
      delivery: { type: 'control', action: { type: 'restart' } } as const,
    });
    const heap = new EventHeap();
    for (const order of [1, 2, 5]) heap.push(entry(order));
    heap.pop();
    const fork = heap.fork();
    for (const queue of [heap, fork])
      for (const order of [1, 4, 5]) expect(codeOf(() => queue.push(entry(order)))).to.equal('ENTRY_ORDER_REPEATED');
    // What is purged takes no order back.
    heap.purge(({ order }) => order === 5);
    expect(codeOf(() => heap.push(entry(5)))).to.equal('ENTRY_ORDER_REPEATED');
    heap.push(entry(6));
    expect(heap.entries.map(({ order }) => order)).to.have.members([2, 6]);
  });

  it('keeps the actors of a node within the bits of its set of readers', () => {
    const actors = Array.from({ length: 33 }, (_, index) => ({
      name: `actor-${index}`,
      start: () => 0,
      receive: (state: unknown) => ({ state, effects: [] }),
    }));
    expect(codeOf(() => worldOf(actors.slice(0, 32)))).to.equal('nothing thrown');
    expect(codeOf(() => worldOf(actors))).to.equal('TOO_MANY_ACTORS');
  });
});

function worldOf(actors: Parameters<typeof newWorld>[0]['specs'][number]['actors']) {
  return newWorld({
    specs: [{ name: 'A', actors, position: () => undefined }],
    disks: [new SimulatedDisk()],
    network: new Network({ link: defaultLink, links: {} }),
    choices: seeded(1),
    timing: defaultTiming,
    monitors: [],
    keeps: 'events',
  });
}
