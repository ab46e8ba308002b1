/** A node that comes back with another configuration than its log began with: it must stop, also after each further start, and that is no violation. */
import { expect } from 'chai';
import { decides, event, runScenario, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };
const withoutD = { A: 1, B: 1, C: 1 };

/** B is killed in the middle of height 4. */
const story = (life = 1) =>
  scenario('another configuration', four)
    .reconfigured('B', { life, validators: withoutD })
    .expect(decides(8, { nodes: ['A', 'C', 'D'] }));

describe('a configuration that changed while the node was down', () => {
  it('stops the node where its log began otherwise, with the reason, again and again, and nothing is violated', () => {
    const run = story()
      .node('B', (b) =>
        b
          .waitUntil(event('publish', { type: 'prevote', height: 4 }))
          .kill()
          .restart({ after: '50ms' })
          .untilStopped({ within: '1s' })
          .restart({ after: '50ms' })
          .untilStopped({ within: '1s' }),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
    const stops = run.incidents.filter(({ kind }) => kind === 'stopped');
    expect(stops.map(({ node, code }) => [node, code])).to.deep.equal([
      ['B', 'OTHER_CONFIGURATION'],
      ['B', 'OTHER_CONFIGURATION'],
    ]);
    expect(stops[0]?.reason).to.not.equal('');
    expect(run.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
  });

  it('begins with the life that is named: an earlier one comes back as it was', () => {
    const run = story(2)
      .node('B', (b) =>
        b
          .waitUntil(event('publish', { type: 'prevote', height: 4 }))
          .kill()
          .restart({ after: '50ms' })
          .expect(event('replay.end'), { within: '1s' })
          .kill()
          .restart({ after: '50ms' })
          .untilStopped({ within: '1s' }),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.incidents.map(({ code }) => code)).to.deep.equal(['OTHER_CONFIGURATION']);
  });

  it('is a change: without it the same script finds no stop', () => {
    const { data } = story().node('B', (b) =>
      b
        .waitUntil(event('publish', { type: 'prevote', height: 4 }))
        .kill()
        .restart({ after: '50ms' })
        .untilStopped({ within: '1s' }),
    );
    const { reconfigured: _none, ...same } = data;
    expect(runScenario(same).complaints.join('\n')).to.contain('waitUntil stopped did not come');
    expect(runScenario(data).complaints).to.deep.equal([]);
  });

  it('is said in YAML as in TypeScript, and refused where it changes nothing or names nobody', () => {
    const { data } = story(2);
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)) as ScenarioData);
    const told = (change: string): string => {
      try {
        return parseScenario(`scenario: x\nvalidators: { A: 1, B: 1 }\nreconfigured: ${change}\n`, 'x.yaml').name;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told('{ B: { validators: { A: 1 } } }')).to.equal('x');
    expect(told('{ B: { validators: { A: 1, B: 1 } } }')).to.equal('x.yaml:3:34: these are the validators that it has anyway');
    expect(told('{ B: { validators: { A: 0 } } }')).to.contain('nobody has voting power');
    expect(told('{ E: { validators: { A: 1 } } }')).to.equal("x.yaml:3:17: no node is called 'E'; there are A, B");
    expect(told('{ B: { validators: { A: 1, Z: 1 } } }')).to.contain("no node is called 'Z'");
    expect(told('{ B: { life: 0, validators: { A: 1 } } }')).to.contain("'life': at least 1");
  });
});
