/** The peers that hear a publish during which its node dies: the parts of the peers, and their names in the name of the death. */
import { expect } from 'chai';
import fc from 'fast-check';
import { heardText } from '../../../actors/scheduler/crash-point.ts';
import { hearings } from '../../../campaigns/crash-points/death-variants.ts';
import { pointCase } from '../../../campaigns/index.ts';
import { runScenario, ScenarioError, scenario } from '../../../scenarios/index.ts';
import { castOf } from '../../../scenarios/model.ts';

describe('the parts of the peers that hear a message', () => {
  const peersOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `P${index}`);

  it('are all of them but none and all, of up to four peers', () => {
    for (let count = 0; count <= 4; count += 1) {
      const peers = peersOf(count);
      const found = hearings(peers).map((heard) => heard.join());
      expect(new Set(found).size).to.equal(found.length);
      expect(found).to.have.length(Math.max(0, 2 ** count - 2));
      expect(found).to.not.include('');
      expect(found).to.not.include(peers.join());
    }
  });

  it('are single peers and beginnings, of more than four', () => {
    expect(hearings(['a', 'b', 'c', 'd', 'e']).map((heard) => heard.join(''))).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
      'e',
      'ab',
      'abc',
      'abcd',
    ]);
  });

  it('are parts in the order of the peers, each once, never none and never all', () => {
    fc.assert(
      fc.property(fc.nat({ max: 12 }), (count) => {
        const peers = peersOf(count);
        const found = hearings(peers);
        for (const heard of found) {
          expect(peers.filter((peer) => heard.includes(peer))).to.deep.equal(heard);
          expect(heard.length).to.be.within(1, count - 1);
        }
        expect(new Set(found.map((heard) => heard.join())).size).to.equal(found.length);
      }),
      { seed: 7 },
    );
  });
});

describe('the name of a death within a publish', () => {
  /** One name begins with another, and one is two others in a row. */
  const powers = { V1: 1, V10: 1, V: 1, V1V: 1 };
  const { data } = scenario('names', powers);
  const heardBy = (image: string, cast = data): readonly string[] => {
    const [victim] = castOf(cast) as [string];
    const run = runScenario(pointCase({ ...cast, until: { timeMs: 400 } }, `${victim}@1.0/publish~1:torn/heard=${image}`), {
      record: true,
    });
    const events = [...run.world.trace.events()];
    const published = events.find((event) => event.type === 'effect' && event.point?.site === 'publish' && event.node === victim);
    const hears = events.filter(({ type, cause }) => type === 'deliver' && cause === published?.index);
    return hears.map(({ node }) => node).sort();
  };

  it('names the same hearers again, also when names begin with one another or are of several letters', () => {
    const peers = Object.keys(powers).slice(1);
    for (const heard of hearings(peers))
      expect(heardBy(heardText(heard, Object.keys(powers))), heard.join()).to.deep.equal([...heard].sort());
  });

  it('is short where every name is one letter', () => {
    const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 }).data;
    expect(heardText(['B', 'D'], castOf(four))).to.equal('BD');
    expect(heardBy('BD', four)).to.deep.equal(['B', 'D']);
  });

  it('is refused when it names somebody who is not there', () => {
    expect(() => heardBy('V1V10')).to.throw(ScenarioError, "no node is called 'V1V10'");
  });
});
