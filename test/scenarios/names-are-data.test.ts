/** Nodes may have the names that every object has. All results are as with plain names. */
import { expect } from 'chai';
import { crashpoints, explore, fuzz } from '../../campaigns/index.ts';
import { deepEqual } from '../../checker/deep-equal.ts';
import { event, type Run, type Scenario, scenario, scenarioSource } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

type Names = readonly [string, string, string, string];
const plain: Names = ['A', 'B', 'C', 'D'];
const hostile: Names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];

const stories: Readonly<Record<string, (names: Names) => Scenario>> = {
  'without any fault': (names) => scenario('x', powers(names, 1)),
  'with scripts and powers that change': (names) =>
    scenario('x', { ...powers(names, 2), [names[3]]: 3 })
      .validators(4, powers(names, 1))
      .proposer(3, 0, names[2])
      .node(names[1], (node) =>
        node
          .waitUntil(event('height.start', { height: 2 }))
          .crash({ after: 'publish' })
          .restart({ after: '1s' }),
      ),
  'with one that lies': (names) => scenario('x', powers(names, 1)).byzantine(names[0], 'two-proposals'),
  'with Raft': (names) =>
    scenario('x', powers(names, 1))
      .protocol('raft')
      .node(names[1], (node) => node.waitUntil(event('committed')).crash().restart({ after: '1s' })),
  'with a full node': ([a, b, c, d]) => scenario('x', { [a]: 1, [b]: 1, [c]: 1 }).fullNodes(d),
};

function powers(names: Names, each: number): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, each]));
}

function outcome({ verdict, properties, complaints }: Run): object {
  return { verdict, complaints: complaints.length, properties: properties.map(({ name, verdict: found }) => `${name} ${found}`) };
}

describe('nodes with the names that every object has', function () {
  this.timeout(300_000);

  for (const [what, story] of Object.entries(stories)) {
    it(`run as nodes with plain names do: ${what}`, () => {
      expect(outcome(story(hostile).run())).to.deep.equal(outcome(story(plain).run()));
    });

    it(`are written and read as they are: ${what}`, () => {
      const { data } = story(hostile);
      const back = parseScenario(formatScenario(data), 'it.yaml');
      expect(formatScenario(back)).to.equal(formatScenario(data));
      expect(scenarioSource(data)).to.include('hasOwnProperty');
    });

    it(`can be fuzzed: ${what}`, () => {
      const { runs, findings } = fuzz(story(hostile), { runs: 6, seed: 1 });
      expect({ runs, findings }).to.deep.equal({ runs: 6, findings: [] });
    });
  }

  it('die at as many crash points, with as many violations', () => {
    const options = { sites: ['publish'], heights: '1', exhibit: 'no-fsync' } as const;
    const [one, other] = [plain, hostile].map((names) =>
      crashpoints(scenario('x', powers(names, 1)), { ...options, nodes: [names[1]] }),
    );
    expect(other?.violated).to.equal(one?.violated);
    expect(other?.cells.length).to.equal(one?.cells.length);
    expect(one?.violated).to.be.greaterThan(0);
  });

  it('are explored as far', () => {
    const [one, other] = [plain, hostile].map((names) =>
      explore(scenario('x', powers(names, 1)), { nodes: [names[1]], heights: 1, rounds: 0, deviations: 0 }),
    );
    expect(other?.victims[0]?.result.states).to.equal(one?.victims[0]?.result.states);
  });

  it('are told apart from nothing by the equality that decides a merge', () => {
    for (const value of [1, 'x', {}]) {
      expect(deepEqual({ constructor: value }, {})).to.equal(false);
      expect(deepEqual({}, { constructor: value })).to.equal(false);
      expect(deepEqual({ toString: value, a: 1 }, { a: 1, toString: value })).to.equal(true);
    }
  });
});
