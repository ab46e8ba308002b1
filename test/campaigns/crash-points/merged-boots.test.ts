/** Boots that differ in a torn tail are merged only if they are equal to every monitor: in what is read, in what is sent, and in what is on the disk. */
import { expect } from 'chai';
import { crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints } from '../../../campaigns/index.ts';
import type { DiskAnswer } from '../../../core/effects.ts';
import type { Monitor, Observer, RunEvent, Watched } from '../../../core/events.ts';
import { keyOf } from '../../../core/state-key.ts';
import { buildWorld } from '../../../scenarios/build-world.ts';
import { allProperties, event, scenario } from '../../../scenarios/index.ts';
import { SimulatedDisk } from '../../../wal/index.ts';

type Look = (event: RunEvent, observer: Observer) => number;

/** Objects to what few images show: one in seven, and not the first. Remembers whether it has objected. */
const curious = (watches: readonly Watched[], look: Look): Monitor<boolean> => ({
  watches,
  start: false,
  look: (objects, event, observer) => objects || look(event, observer) % 7 === 5,
  finish: (objects) =>
    objects
      ? { verdict: 'violated', violations: [{ message: 'it is so', event: 0, nodes: ['B'], height: 1 }] }
      : { verdict: 'held', violations: [] },
});

const bytesOnDisk = (observer: Observer): number =>
  observer.fileNames('B', 'wal').reduce((sum, name) => sum + observer.fileLength('B', `wal/${name}`), 0);

function bytesOfReader(observer: Observer): number {
  const { contents } = observer.actorState('B', 'wal') as { readonly contents: ReadonlyMap<string, { readonly length: number }> };
  return [...contents.values()].reduce((sum, { length }) => sum + length, 0);
}

/** In the victim's second life. */
const back =
  (look: Look): Look =>
  (event, observer) =>
    event.node === 'B' && event.life === 1 ? look(event, observer) : 0;

const looks: readonly (readonly [what: string, watches: readonly Watched[], look: Look])[] = [
  ['what was read', ['done read'], back((event) => (event.type === 'done' ? (event.answer.bytes?.length ?? 0) : 0))],
  [
    'what the reader is told',
    ['deliver wal'],
    back((event) => (event.type === 'deliver' ? ((event.message as Partial<DiskAnswer>).bytes?.length ?? 0) : 0)),
  ],
  [
    'how much was lost',
    ['effect observe'],
    back((event) =>
      event.type === 'effect' && event.effect.type === 'observe' && event.effect.event === 'judged'
        ? Number(event.effect.detail['lostBytes'])
        : 0,
    ),
  ],
  ['the disk, when the victim comes back', ['restart'], back((_, observer) => bytesOnDisk(observer))],
  ['the disk, while it is read', ['disk list'], back((_, observer) => bytesOnDisk(observer))],
  ['the state of the reader', ['disk read'], back((_, observer) => bytesOfReader(observer))],
  ['the disk, while the victim is down', ['effect transmit'], (_, observer) => (observer.isUp('B') ? 0 : bytesOnDisk(observer))],
];

describe('a monitor that is curious', () => {
  const { data } = scenario('curious', { A: 1, B: 1, C: 1, D: 1 });
  for (const [what, watches, look] of looks)
    it(`of ${what} says the same with and without merging`, () => {
      const [merged, single] = [true, false].map((merge) => {
        const options = { nodes: ['B'], sites: ['wal.flush'], heights: '1', death: 'power', pending: 1, merge } as const;
        const property = { name: 'curious', says: 'it is never so', monitor: () => curious(watches, look) };
        const start = () => buildWorld(data, { seed: data.seed, keeps: 'nothing', properties: [property] });
        const { cells, images } = enumerateCrashpoints({ ...crashpointsPlan(data, options), start, properties: ['curious'] });
        return { images, verdicts: cells.map(({ verdict, failures }) => [verdict, failures.map(({ death }) => death.image)]) };
      });
      expect(merged).to.deep.equal(single);
      expect(new Set(merged?.verdicts.map(([verdict]) => verdict))).to.include('violated');
    });
});

describe('boots that differ in a torn tail', () => {
  it('are watched by the properties once, and not once for each image', () => {
    const { data } = scenario('torn tails', { A: 1, B: 1, C: 1, D: 1 });
    let boots = 0;
    const counts: Monitor<number> = {
      watches: ['restart'],
      start: 0,
      look: (memory) => {
        boots += 1;
        return memory;
      },
      finish: () => ({ verdict: 'held', violations: [] }),
    };
    const counter = { name: 'counter', says: 'it counts', monitor: () => counts };
    const plan = crashpointsPlan(data, { nodes: ['B'], sites: ['wal.flush'], heights: '1', pending: 1, merge: true });
    const properties = [...allProperties, counter];
    const start = () => buildWorld(data, { seed: data.seed, keeps: 'nothing', properties });
    const { images } = enumerateCrashpoints({ ...plan, start, properties: properties.map(({ name }) => name) });
    expect(images).to.be.above(300);
    expect(boots).to.be.within(1, images / 10);
  });
});

describe('what a fingerprint must not leave out', () => {
  it('is how often a message was sent, where the next sending is drawn by it', () => {
    const lossy = scenario('lossy', { A: 1, B: 1, C: 1, D: 1 }).seed(78).network({ delay: '10ms', loss: 0.2 });
    const options = { nodes: ['B'], heights: '1', sites: ['publish'], death: 'kill', pending: 1, restartMs: 10 } as const;
    const [merged, single] = [true, false].map((merge) =>
      enumerateCrashpoints(crashpointsPlan(lossy.data, { ...options, merge, exhibit: 'values-unlogged' })).cells.map(
        ({ verdict, failures }) => [verdict, failures.map(({ property, death }) => `${property} ${death.image}`)],
      ),
    );
    expect(merged).to.deep.equal(single);
  });

  it('is what lies on the platter under a name that is not durable yet', () => {
    const [first, second] = ['wal/a', 'wal/b'].map((lost) => {
      const disk = new SimulatedDisk();
      for (const file of ['wal/a', 'wal/b']) {
        if (file === lost) disk.inject({ type: 'lost-write', id: 'x', file: 'wal/' });
        disk.create(file);
        disk.append(file, new Uint8Array(600).fill(7));
        disk.sync(file);
      }
      return disk;
    });
    expect(keyOf(first?.present())).to.not.equal(keyOf(second?.present()));
  });

  it('is nothing that a run in slices does otherwise than a run in one piece', () => {
    const { data } = scenario('slices', { A: 1, B: 1, C: 1, D: 1 }).node('C', (c) =>
      c
        .waitUntil(event('vote.cast', { type: 'prevote', height: 2 }))
        .isolate({ for: '150ms' })
        .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }), { within: '5s' })
        .kill()
        .restart({ after: '200ms' }),
    );
    const plan = crashpointsPlan(data, { nodes: ['B'], pending: 1, merge: false });
    const end = (stops: readonly number[]): string => {
      const world = plan.start();
      for (const stop of stops) world.run({ time: stop * 1000 });
      return keyOf(world.present());
    };
    const whole = end([700]);
    for (let stop = 20; stop < 650; stop += 3) expect(end([stop, 700]), `a slice ends at ${stop} ms`).to.equal(whole);
  });
});
