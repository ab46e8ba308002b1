import { expect } from 'chai';
import { seeded } from '../../core/choice.ts';
import { neighbours, type Topology } from '../../network-sim/index.ts';
import { decides, scenario } from '../../scenarios/index.ts';

const names = [...'ABCDEFGHIJ'];

/** All nodes that can be reached from the first. */
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
    it(`${JSON.stringify(topology)}: is connected and symmetric, gives each node the expected number of neighbours, and depends only on the seed`, () => {
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

  it('carry ten nodes through six heights by gossip, each message passed on at most twice', () => {
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
    // A node may pass a message on once more after its next status message.
    expect(Math.max(...relays.values())).to.be.at.most(2);
  });
});

describe('gossip over a ring', () => {
  it('passes a message on again when its sender repeats it, because a neighbour may have been down', () => {
    const run = scenario('a neighbour that was down', { B: 1, C: 1, D: 1, F: 1 })
      .seed(20)
      .topology('ring')
      .fault({ node: 'D', site: 'segment.create', phase: 'torn', nth: 1 }, { type: 'kill', nodes: ['D'], restartMs: 100 })
      .fault({ time: 0 }, { type: 'wipe', node: 'F' })
      .safetyPhase(50)
      .run();
    expect(run.verdict).to.equal('held');
  });

  it('lets a node that abstains pass on what it said before it lost its disk: that is no new vote', () => {
    const run = scenario('an old proposal comes round', { A: 1, C: 1, F: 1, G: 1 })
      .seed(27)
      .topology('ring')
      .wal({ onCorrupt: 'abstain' })
      .fault({ time: 0 }, { type: 'crash', nodes: ['C'], restartMs: 100 })
      .fault({ time: 16 }, { type: 'wipe', node: 'A' })
      .safetyPhase(50)
      .run();
    expect(run.verdict).to.equal('held');
  });

  it('ignores heights that every node has finished, because a vote may arrive late around the ring', () => {
    const run = scenario('a vote that comes round', { A: 1, B: 1, C: 1, E: 1, F: 1, G: 1 })
      .seed(12)
      .topology('ring')
      .fault({ node: 'C', site: 'segment.create', phase: 'before', nth: 1 }, { type: 'crash', nodes: ['C'], restartMs: 100 })
      .fault({ time: 334 }, { type: 'pause', node: 'A', forMs: 239 })
      .fault(
        { time: 257 },
        {
          type: 'partition',
          groups: [
            ['A', 'B', 'G'],
            ['C', 'E', 'F'],
          ],
          oneWay: false,
          forMs: 195,
        },
      )
      .safetyPhase(600)
      .run();
    expect(run.verdict).to.equal('held');
  });
});

describe('an event of a run', () => {
  it('can be returned to, with the height, the time and the events of then', () => {
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
