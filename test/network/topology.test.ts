import { expect } from 'chai';
import { seeded } from '../../actors/choice.ts';
import { neighbours, type Topology } from '../../network-sim/index.ts';
import { decides, scenario } from '../../scenarios/index.ts';

const names = [...'ABCDEFGHIJ'];

/** Everybody who can be reached from the first. */
function reached(links: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([names[0] as string]);
  for (const name of found) for (const next of links.get(name) ?? []) found.add(next);
  return found;
}

describe('topologies', () => {
  const all: readonly (readonly [Topology, number, number])[] = [
    ['mesh', 9, 9],
    ['ring', 2, 2],
    [{ degree: 3 }, 3, 3],
    [{ degree: 4 }, 4, 4],
    [{ degree: 20 }, 9, 9],
  ];
  for (const [topology, least, most] of all)
    it(`${JSON.stringify(topology)}: connected, the same in both directions, of its degree, and drawn from the seed alone`, () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const links = neighbours(topology, names, seeded(seed));
        expect(reached(links).size).to.equal(names.length);
        for (const [name, near] of links) {
          expect(near).to.not.include(name);
          expect(near.length).to.be.within(least, most);
          for (const other of near) expect(links.get(other)).to.include(name);
        }
        expect(neighbours(topology, names, seeded(seed))).to.deep.equal(links);
      }
    });

  it('carry ten nodes through six heights by gossip, each message passed on once', () => {
    const cast = Object.fromEntries(names.map((name) => [name, 1]));
    const run = scenario('gossip', cast)
      .topology({ degree: 3 })
      .expect(decides(6, { within: '60s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    const relays = new Map<string, number>();
    for (const event of run.world.trace.events()) {
      if (event.type !== 'effect' || event.effect.type !== 'transmit' || event.effect.site !== 'relay') continue;
      const key = `${event.node} ${JSON.stringify(event.effect.data)}`;
      relays.set(key, (relays.get(key) ?? 0) + 1);
    }
    expect(relays.size).to.be.greaterThan(500);
    expect(Math.max(...relays.values())).to.equal(1);
  });
});

describe('any event of a run', () => {
  it('can be returned to: the world as it was, with every state', () => {
    const run = scenario('travel', { A: 1, B: 1, C: 1, D: 1 }).run();
    const decided = [...run.world.trace.events()].find((one) => one.type === 'effect' && one.effect.type === 'host.decide');
    const then = run.at(decided?.index ?? 0);
    expect(then.position(decided?.node ?? 'A').height).to.equal(1);
    expect(then.now).to.equal(decided?.time);
    expect([...then.trace.events()].map(({ type }) => type)).to.deep.equal(
      [...run.world.trace.events()].slice(0, then.eventCount).map(({ type }) => type),
    );
  });
});
