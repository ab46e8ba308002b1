/**
 * An application that executes differently from the others': values carry the state that they were made on, so its node must halt at the next height,
 * and again whenever it is started. A node that goes on is caught.
 */
import { expect } from 'chai';
import { momentOf, type Run, runScenario, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };
const story = () => scenario('another application', four);

const stops = (run: Run): readonly (readonly [string, string | undefined])[] =>
  run.incidents.filter(({ kind }) => kind === 'stopped').map(({ node, code }) => [node, code]);

/** The values of proposals that the run reports. */
const values = (run: Run): readonly string[] =>
  [...run.world.trace.events()].flatMap((event) => {
    const moment = momentOf(event);
    return moment?.name === 'proposal.local' ? [String(moment.detail['value'])] : [];
  });

describe('an application that executes otherwise', () => {
  it('halts its node at the next height, while the others go on, and nothing is violated', () => {
    const run = story()
      .application('executes-otherwise', { nodes: ['B'], heights: 3 })
      .node('B', (b) => b.untilStopped({ within: '2s' }))
      .until({ height: 8 })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(stops(run)).to.deep.equal([['B', 'APPLICATION_DIVERGED']]);
    const reason = run.incidents.find(({ kind }) => kind === 'stopped')?.reason;
    expect(reason).to.match(
      /the value v4\.\d-\S+~[0-9a-f]{8} of height 4 was made on another state .* after height 3 \([0-9a-f]{8}\)/,
    );
  });

  it('halts it after an upgrade, when it comes back with the other application, and after each further start', () => {
    const run = story()
      .application('executes-otherwise', { nodes: ['B'], lives: { from: 1 } })
      .node('B', (b) =>
        b
          .kill({ after: 'decided', nth: 3 })
          .restart({ after: '20ms' })
          .untilStopped({ within: '2s' })
          .restart({ after: '50ms' })
          .untilStopped({ within: '2s' }),
      )
      .until({ height: 30 })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(stops(run)).to.deep.equal([
      ['B', 'APPLICATION_DIVERGED'],
      ['B', 'APPLICATION_DIVERGED'],
    ]);
  });

  it('leaves nothing to be decided where half of the nodes have states of their own, and that is owed by nobody', () => {
    const run = story()
      .application('executes-otherwise', { nodes: ['B', 'C'], heights: 3 })
      .until({ time: '30s' })
      .run();
    const violated = run.properties.filter(({ verdict }) => verdict === 'violated');
    expect(violated).to.deep.equal([]);
    expect(run.heights).to.equal(3);
  });

  it('is caught where its node goes on: by integrity, with the height at which it had to stop', () => {
    const { data } = story()
      .application('executes-otherwise', { nodes: ['B'], heights: 3 })
      .until({ height: 8 });
    const run = runScenario(data, { exhibit: 'divergence-unnoticed' });
    const integrity = run.properties.find(({ name }) => name === 'integrity');
    expect(integrity?.verdict).to.equal('violated');
    expect(integrity?.message).to.match(/^B stored height 4 on a state of its own, which it has had since height 3/);
    const without = runScenario({ ...data, application: [] }, { exhibit: 'divergence-unnoticed' });
    expect(without.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
  });

  it('changes nothing where no application executes otherwise', () => {
    const plain = values(story().until({ height: 4 }).run());
    expect(plain.length).to.be.greaterThan(2);
    expect(plain.filter((value) => value.includes('~'))).to.deep.equal([]);
    const late = story()
      .application('executes-otherwise', { nodes: ['B'], heights: 100 })
      .until({ height: 4 })
      .run();
    const idle = 'rule 1 of the application (executes-otherwise) did nothing: nothing that it is about was asked';
    expect(late.complaints).to.deep.equal([idle]);
    expect(stops(late)).to.deep.equal([]);
    expect(values(late).filter((value) => !/~[0-9a-f]{8}$/.test(value))).to.deep.equal([]);
  });

  it('is said in YAML as in TypeScript, and not of Raft', () => {
    const { data } = story().application('executes-otherwise', { nodes: ['B'], lives: { from: 1 } });
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)) as ScenarioData);
    const raft = 'scenario: x\nprotocol: raft\nvalidators: { A: 1, B: 1, C: 1 }\napplication: [{ does: executes-otherwise }]\n';
    expect(() => parseScenario(raft, 'x.yaml')).to.throw('x.yaml:4:23: in raft no application can execute otherwise');
  });
});
