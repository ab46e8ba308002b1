/** Formatting: times are written one way, and no comment is lost. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { commentsInCode, commentsInYaml, reformattedYaml, withCommentsAbove } from '../../scenarios/comments.ts';
import { scenarioSource } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';
import { lazuriteIn } from '../apps/cli/command-run.ts';

const written = `# yaml-language-server: $schema=x.json
# what it is about
scenario: '5s' # the name stays
validators: { A: 1, B: 1 }
network: { delay: [5, 2000ms], loss: 0.5 }
nodes:
  B:
    # first
    - waitUntil: { event: height.start, where: { height: { from: 3 } }, within: 1m }
    - crash: { after: publish }
    - restart: { after: 1.5s } # late
timeouts: [{ from: 2, propose: 300 }]
expect:
  - decidesNothing: { from: 500ms, until: 90s }
until: { time: 120s }
# the end
`;

describe('formatting a scenario', () => {
  const yaml = reformattedYaml(written);

  it('keeps every comment of YAML in its place, and the order and style', () => {
    const comments = (text: string): readonly string[] => text.split('\n').filter((line) => line.includes('#'));
    expect(comments(yaml).map((line) => line.replace(/.*#/, '#'))).to.deep.equal(
      comments(written).map((line) => line.replace(/.*#/, '#')),
    );
    const filled = (text: string): number => text.split('\n').filter((line) => line !== '').length;
    expect(filled(yaml)).to.equal(filled(written));
    expect(yaml).to.match(/B:\n +# first\n +- waitUntil/);
  });

  it('writes times one way, and nothing else anew', () => {
    expect(yaml).to.contain('delay: [ 5ms, 2s ], loss: 0.5');
    expect(yaml).to.contain('height: { from: 3 } }, within: 60s').and.to.contain('after: 1500ms } # late');
    expect(yaml).to.contain('{ from: 2, propose: 300ms }').and.to.contain('{ from: 500ms, until: 90s }');
    expect(yaml).to.contain("scenario: '5s'").and.to.contain('crash: { after: publish }').and.to.contain('time: 120s');
    expect(reformattedYaml(yaml)).to.equal(yaml);
  });

  it('changes nothing of what is run, in no file that ships', () => {
    const folder = 'scenarios/yaml';
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    for (const text of [written, ...texts]) {
      const data = parseScenario(text, 'x.yaml');
      const again = parseScenario(reformattedYaml(text), 'x.yaml');
      // A delay of the network is kept as it is spelt.
      expect({ ...again, network: {} }).to.deep.equal({ ...data, network: {} });
      expect(formatScenario(data)).to.not.match(/(after|within|for|time|bound|safetyPhase): \d+\n/);
      expect(scenarioSource(data)).to.not.match(/\b(after|within|for|time|by|from|until): \d{2,}/);
    }
  });

  it('takes comments over into the other language, and what only looks like one stays text', () => {
    expect(commentsInYaml(written)).to.deep.equal(['what it is about', 'the name stays', 'first', 'late', 'the end']);
    const code = `// top
/**
 * two
 * lines
 */
const a = 'x // no'; const b = "/* no */"; const c = \`// no\`; const d = /\\/\\/ no/; // yes
export default a / b; /* last */`;
    expect(commentsInCode(code)).to.deep.equal(['top', 'two', 'lines', 'yes', 'last']);
    expect(withCommentsAbove('x: 1\n', ['a', ''], '#')).to.equal('# a\n#\nx: 1\n');
  });

  it('is what the command does, in each form', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-fmt-'));
    try {
      writeFileSync(join(folder, 'x.yaml'), written);
      const fmt = (name: string, ...args: readonly string[]): string => lazuriteIn(folder, ['fmt', name, ...args]).stdout;
      expect(fmt('x.yaml', '--to', 'yaml')).to.equal(yaml);
      const code = fmt('x.yaml');
      expect(code).to.match(/^\/\/ what it is about\n\/\/ the name stays\n.*first\n.*late\n.*the end\nimport /);
      writeFileSync(join(folder, 'x.ts'), code);
      expect(fmt('x.ts')).to.match(/^# what it is about\n# the name stays\n# first\n# late\n# the end\nscenario: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
